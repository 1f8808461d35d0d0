import { z } from 'zod';
import { TRANSITIONS } from '../../../domain/lifecycle.ts';
import { RUN_KINDS, RUN_STATUSES } from '../../../domain/run.ts';
import { PLATFORM_NAMES, type StoreStatus } from '../../../domain/store.ts';
import { moment } from './common.ts';

export const STORE_STATUS = z.enum(Object.keys(TRANSITIONS) as [StoreStatus, ...StoreStatus[]]);
export const STORE_HEALTH = z.enum(['unknown', 'healthy', 'degraded', 'down']);
export const STEP_STATUS = z.enum(['waiting', 'running', 'done', 'failed', 'skipped']);
export const PLATFORM = z.enum(PLATFORM_NAMES);
export const RUN_KIND = z.enum(RUN_KINDS as [(typeof RUN_KINDS)[number], ...(typeof RUN_KINDS)[number][]]);
export const RUN_STATUS = z.enum(RUN_STATUSES);

/** Why something did not work. */
export const STORE_ERROR = z
  .object({
    code: z.string(),
    message: z.string(),
    hint: z.string().nullable(),
    step: z.string().nullable(),
    retryable: z.boolean(),
    at: moment(),
  })
  .meta({ id: 'StoreError' });

const STEP = z
  .object({
    name: z.string(),
    title: z.string(),
    status: STEP_STATUS,
    startedAt: moment().nullable(),
    finishedAt: moment().nullable(),
    elapsedMs: z.number().int().nonnegative().nullable(),
  })
  .meta({ id: 'Step' });

export const RUN = z
  .object({
    id: z.string(),
    kind: RUN_KIND,
    status: RUN_STATUS,
    attempt: z.number().int(),
    error: STORE_ERROR.nullable(),
    step: z
      .object({
        name: z.string(),
        title: z.string(),
        index: z.number().int(),
        total: z.number().int(),
        status: STEP_STATUS,
      })
      .nullable()
      .meta({ description: 'Where the run is.' }),
    steps: z.array(STEP),
  })
  .meta({ id: 'Run' });

/** The store object: the same facts on pages, on the command line and here. */
export const STORE = z
  .object({
    id: z.string().meta({ examples: ['sto_01kb1f9q3vexh9k0d6zq5m2a7c'] }),
    name: z.string(),
    title: z.string(),
    platform: PLATFORM,
    status: STORE_STATUS,
    health: STORE_HEALTH,
    url: z.string(),
    adminUrl: z.string(),
    domain: z.string(),
    port: z.number().int(),
    plan: z.string(),
    customerId: z.string(),
    versions: z.record(z.string(), z.string()),
    createdAt: moment(),
    activeAt: moment().nullable(),
    run: RUN.nullable(),
    error: STORE_ERROR.nullable(),
    suspension: z
      .object({ by: z.enum(['operator', 'owner']), text: z.string().nullable(), at: moment() })
      .optional()
      .meta({ description: 'Only of a store that is closed.' }),
    deletion: z
      .object({ previousStatus: z.enum(['active', 'suspended', 'failed']), at: moment(), dueAt: moment() })
      .optional()
      .meta({ description: 'Only of a store in its days of grace.' }),
  })
  .meta({ id: 'Store' });
