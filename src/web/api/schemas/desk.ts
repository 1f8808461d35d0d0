import { z } from 'zod';
import { LEDGER_RESULTS } from '../../../domain/ledger.ts';
import { OUTBOX_STATUSES } from '../../../domain/outbox.ts';
import { moment } from './common.ts';
import { MAIL_TRAFFIC } from './settings.ts';
import {
  PLATFORM,
  RUN_KIND,
  RUN_STATUS,
  STEP_STATUS,
  STORE,
  STORE_ERROR,
  STORE_HEALTH,
  STORE_STATUS,
} from './stores.ts';

export const DESK_STORE = z
  .object({
    id: z.string(),
    name: z.string(),
    platform: PLATFORM,
    plan: z.string(),
    status: STORE_STATUS,
    health: STORE_HEALTH,
    domain: z.string().nullable(),
    port: z.number().int().nullable(),
    customerId: z.string(),
    email: z.string(),
    createdAt: moment(),
  })
  .meta({ id: 'DeskStore' });

export const DESK_CUSTOMER = z
  .object({
    id: z.string(),
    email: z.string(),
    role: z.enum(['customer', 'operator']),
    isVerified: z.boolean(),
    hasSecondFactor: z.boolean(),
    stores: z.number().int(),
    createdAt: moment(),
    seenAt: moment().nullable(),
    lockedAt: moment().nullable().meta({ description: 'Since when nobody may sign in to it.' }),
    lockReason: z.string().nullable(),
  })
  .meta({ id: 'DeskCustomer' });

export const DESK_RUN = z
  .object({
    id: z.string(),
    storeId: z.string(),
    storeName: z.string(),
    kind: RUN_KIND,
    status: RUN_STATUS,
    attempt: z.number().int(),
    step: z.string().nullable(),
    message: z.string().nullable(),
    createdAt: moment(),
    startedAt: moment().nullable(),
    finishedAt: moment().nullable(),
  })
  .meta({ id: 'DeskRun' });

const ACTS = z
  .object({
    canRetry: z.boolean(),
    canRepair: z.boolean(),
    canSuspend: z.boolean(),
    canResume: z.boolean(),
    canResize: z.boolean(),
    canDelete: z.boolean(),
  })
  .meta({ id: 'DeskActs' });

export const DESK_STORE_DETAILS = z
  .object({
    store: STORE,
    email: z.string(),
    uid: z.number().int(),
    subnet: z.string(),
    images: z.record(z.string(), z.string()),
    wishedDomain: z.string().nullable(),
    mail: MAIL_TRAFFIC,
    runs: z.array(DESK_RUN),
    acts: ACTS,
  })
  .meta({ id: 'DeskStoreDetails' });

export const DESK_CUSTOMER_DETAILS = z
  .object({ customer: DESK_CUSTOMER, stores: z.array(DESK_STORE) })
  .meta({ id: 'DeskCustomerDetails' });

export const DESK_RUN_DETAILS = z
  .object({
    run: DESK_RUN,
    error: STORE_ERROR.nullable(),
    steps: z.array(
      z.object({
        name: z.string(),
        status: STEP_STATUS,
        startedAt: moment().nullable(),
        finishedAt: moment().nullable(),
        elapsedMs: z.number().nullable(),
        error: STORE_ERROR.nullable(),
        logTail: z.string().nullable(),
      }),
    ),
    events: z.array(z.object({ id: z.number().int(), kind: z.string(), step: z.string().nullable(), at: moment() })),
    isLatest: z.boolean(),
    acts: ACTS,
  })
  .meta({ id: 'DeskRunDetails' });

export const DESK_OVERVIEW = z
  .object({
    stores: z.record(STORE_STATUS, z.number().int()),
    customers: z.number().int(),
    queue: z.object({
      waiting: z.number().int(),
      active: z.number().int(),
      failed: z.number().int(),
      oldestWaitingAt: moment().nullable(),
      sweptAt: moment().nullable(),
    }),
    mail: z
      .object({
        waiting: z.number().int(),
        failed: z.number().int(),
        oldestWaitingAt: moment().nullable(),
      })
      .meta({ description: 'Mails that wait to be sent, and those that were given up.' }),
    webhooks: z
      .object({ waiting: z.number().int(), dead: z.number().int() })
      .meta({ description: 'Messages of webhooks that wait, and those of 30 days that were given up.' }),
    missingChores: z
      .array(z.object({ name: z.string(), everyMs: z.number().int(), expectedBy: moment() }))
      .meta({ description: 'What recurs, was expected by then, and has not been seen.' }),
    workers: z.array(
      z.object({
        id: z.string(),
        hostname: z.string(),
        pid: z.number().int(),
        startedAt: moment(),
        heartbeatAt: moment(),
        isSilent: z.boolean(),
      }),
    ),
    machine: z
      .object({
        version: z.string(),
        at: moment(),
        isOld: z.boolean(),
        services: z.record(z.string(), z.object({ state: z.enum(['up', 'degraded', 'down']), detail: z.string() })),
      })
      .nullable(),
    capacity: z.array(
      z.object({
        resource: z.string(),
        used: z.number(),
        size: z.number(),
        daysLeft: z.number().nullable(),
        promised: z.number().optional(),
      }),
    ),
    failures: z.array(DESK_RUN),
  })
  .meta({ id: 'DeskOverview' });

export const DESK_SETTINGS = z
  .object({
    signUpsOpen: z.boolean(),
    signUpsSentence: z.string(),
    banner: z.string(),
    defaultPlan: z.string(),
    plans: z.array(z.string()),
  })
  .meta({ id: 'DeskSettings' });

export const LEDGER_LINE = z
  .object({
    id: z.number().int(),
    actor: z.string(),
    as: z.string().nullable(),
    tokenId: z.string().nullable().meta({ description: 'By which token a program did it.' }),
    tokenName: z.string().nullable().meta({ description: 'What it is called now; `null` also when it is gone.' }),
    action: z.string(),
    target: z.string(),
    storeId: z.string().nullable(),
    result: z.enum(LEDGER_RESULTS),
    details: z.record(z.string(), z.unknown()),
    address: z.string().nullable(),
    requestId: z.string().nullable(),
    at: moment(),
  })
  .meta({ id: 'LedgerLine' });

export const MAIL = z
  .object({
    id: z.string(),
    kind: z.string(),
    recipient: z.string().nullable(),
    storeId: z.string().nullable(),
    status: z.enum(OUTBOX_STATUSES),
    attempts: z.number().int(),
    error: z.object({ code: z.string(), message: z.string() }).nullable(),
    createdAt: moment(),
    nextAttemptAt: moment(),
    sentAt: moment().nullable(),
  })
  .meta({ id: 'Mail' });

export const MAIL_PREVIEW = z
  .object({ mail: MAIL, subject: z.string(), html: z.string(), text: z.string() })
  .meta({ id: 'MailPreview' });
