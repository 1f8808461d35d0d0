import { z } from 'zod';
import { TRANSITIONS } from '../../../domain/lifecycle.ts';
import { LOG_LEVELS } from '../../../domain/log-lines.ts';
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
    healthDetail: z
      .string()
      .optional()
      .meta({ description: 'What is ill, service by service. Only at the desk, and only while something is.' }),
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
    inMaintenance: z
      .literal(true)
      .optional()
      .meta({ description: 'Only of a store whose visitors see its maintenance page.' }),
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

const PLAN = z
  .object({
    name: z.string(),
    memoryMb: z.number().int(),
    cpuMillis: z.number().int().meta({ description: 'Thousandths of a core.' }),
    diskMb: z.number().int(),
    maxStores: z.number().int(),
    backupsKept: z.number().int(),
    priceCents: z.number().int(),
    isDefault: z.boolean(),
  })
  .meta({ id: 'Plan' });

export const OFFER = z
  .object({
    platforms: z.array(
      z.object({
        name: PLATFORM,
        unavailable: z.string().nullable().meta({ description: 'Why it cannot be had; `null` when it can.' }),
        usuallyMs: z.number().nullable().meta({ description: 'How long making one usually takes.' }),
        leastMemoryMb: z.number().int(),
      }),
    ),
    plans: z.array(PLAN),
    closed: z.string().nullable().meta({ description: 'Why nobody can order now; `null` while everybody can.' }),
  })
  .meta({ id: 'Offer' });

export const NAME_ANSWER = z
  .object({
    name: z.string(),
    host: z.string(),
    available: z.boolean(),
    reason: z.string().nullable(),
    suggestions: z.array(z.string()),
  })
  .meta({ id: 'NameAnswer' });

export const PLAN_CHOICES = z
  .object({
    choices: z.array(z.object({ plan: PLAN, isCurrent: z.boolean(), refusal: z.string().nullable() })),
    diskBytes: z.number().nullable().meta({ description: 'What the shop takes on disk, as last measured.' }),
  })
  .meta({ id: 'PlanChoices' });

export const WHAT_GOES = z
  .object({
    domains: z.array(z.string()),
    databases: z.number().int(),
    diskBytes: z.number().nullable(),
    graceDays: z.number().int().meta({ description: 'How long it can be undone.' }),
  })
  .meta({ id: 'WhatGoes' });

/** How far a store's run has come, for whoever waits. */
export const PROGRESS = z
  .object({
    runKind: RUN_KIND.nullable(),
    queue: z.object({ position: z.number().int(), waitMs: z.number().nullable() }).nullable(),
    usualMs: z.record(z.string(), z.number()).meta({ description: 'By step: the median of past stores.' }),
    remainingMs: z.number().nullable(),
    logs: z.record(z.string(), z.string()).meta({ description: 'By step: the end of what it printed.' }),
    failure: z
      .object({
        sentence: z.string(),
        likelyCause: z.string(),
        whatWeTried: z.string(),
        canRetry: z.boolean(),
        reference: z.string(),
      })
      .nullable(),
    lastEventId: z.number().int().meta({ description: 'Listen on behind it: `GET …/events?after=…`.' }),
  })
  .meta({ id: 'Progress' });

const NEXT_PASSWORD = z.string().optional().meta({
  description: 'While the password is being changed, and where that has failed: good if the other one is refused.',
});

export const CREDENTIALS = z
  .object({
    admin: z.object({
      url: z.string(),
      username: z.string(),
      password: z.string(),
      nextPassword: NEXT_PASSWORD,
      email: z.string(),
    }),
    database: z.object({
      host: z.string(),
      name: z.string(),
      username: z.string(),
      password: z.string(),
      nextPassword: NEXT_PASSWORD,
    }),
  })
  .meta({ id: 'Credentials' });

export const ADMIN_LINK = z
  .object({
    url: z.string().meta({ description: 'Post `field` = `token` to it as a form, in a browser.' }),
    field: z.string(),
    token: z.string(),
    seconds: z.number().int().meta({ description: 'It opens once, within that time.' }),
  })
  .meta({ id: 'AdminLink' });

export const LOG_PAGE = z
  .object({
    sources: z.array(z.object({ name: z.string(), title: z.string() })),
    lines: z
      .array(z.object({ source: z.string(), at: moment().nullable(), level: z.enum(LOG_LEVELS), text: z.string() }))
      .meta({ description: 'Oldest first.' }),
    leftOut: z.number().int().meta({ description: 'Lines that matched besides, older than these.' }),
    places: z.string().meta({ description: 'Listen on behind them: `GET …/logs/events?after=…`.' }),
  })
  .meta({ id: 'LogPage' });

export const ACTIVITY_LINE = z
  .object({
    id: z.number().int(),
    at: moment(),
    who: z.enum(['you', 'operator', 'operator-as-you', 'platform', 'visitor']),
    token: z
      .object({ id: z.string(), name: z.string().nullable() })
      .nullable()
      .meta({ description: 'By which token of yours a program did it; without a name once it is gone.' }),
    what: z.string(),
    result: z.enum(['ok', 'refused', 'failed']),
    address: z.string().nullable(),
    reference: z.string().nullable(),
  })
  .meta({ id: 'ActivityLine' });
