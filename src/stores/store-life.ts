import type { ChangeWish } from '../domain/changes.ts';
import { InvalidInputError } from '../domain/errors.ts';
import type { Origin } from '../domain/origin.ts';
import { assertPlanHolds } from '../domain/plan-change.ts';
import type { RunInput } from '../domain/run.ts';
import type { PasswordHolder } from '../domain/secrets.ts';
import type { Plan, Store, SuspendedBy } from '../domain/store.ts';
import { choosePlan } from '../domain/store-input.ts';
import { stackOf } from '../stacks/index.ts';

/** Who wishes for it, and as what. */
export interface Wisher extends Origin {
  readonly by: SuspendedBy;
}

export interface StoreLifeDeps {
  readonly changes: {
    request(
      request: ChangeWish & Origin & { readonly storeId: string; readonly now: Date; readonly input?: RunInput },
    ): Promise<string>;
  };
  readonly stores: { get(id: string): Promise<Store> };
  readonly plans: { list(): Promise<readonly Plan[]> };
  readonly usage: { find(storeId: string): Promise<{ readonly diskBytes: number } | undefined> };
  readonly ring: (runId: string) => Promise<unknown>;
  readonly now: () => Date;
}

export type StoreLife = ReturnType<typeof createStoreLife>;

const ROTATIONS = { admin: 'rotate-admin', database: 'rotate-database' } as const;
const REASON_MAX = 300;
const TEXT_MAX = 1000;
const PAUSED = 'Paused by its owner.';

/**
 * What can be wished for a store that is made. Each writes the wish down with its line in the ledger and returns the id
 * of the run that makes it true, whatever crashes; the same wish again is the same run. Each throws `not_allowed_now`
 * when the store is not in a state for it, and `not_found`.
 */
export function createStoreLife(deps: StoreLifeDeps) {
  const ask = async (storeId: string, kind: ChangeWish['kind'], wisher: Wisher, input?: RunInput): Promise<string> => {
    const request = { storeId, kind, ...wisher, now: deps.now() };
    const runId = await deps.changes.request(input === undefined ? request : { ...request, input });
    await deps.ring(runId);
    return runId;
  };
  return {
    /** Closed by an operator, until an operator opens it. Throws `invalid_input` for a reason or text that is none. */
    suspend: (storeId: string, words: { reason: string; text?: string | undefined }, wisher: Wisher): Promise<string> =>
      ask(storeId, 'suspend', wisher, parseWords(words)),
    /** Closed by its owner, until either opens it. */
    pause: (storeId: string, wisher: Wisher): Promise<string> => ask(storeId, 'suspend', wisher, { reason: PAUSED }),
    /** Open again; an owner cannot open what an operator has closed. */
    resume: (storeId: string, wisher: Wisher): Promise<string> => ask(storeId, 'resume', wisher),
    /** Every part of the shop starts anew, one after the other; nothing of it changes. */
    restart: (storeId: string, wisher: Wisher): Promise<string> => ask(storeId, 'restart', wisher),
    /**
     * Another plan, while the shop is open. Throws `plan_too_small` for one that its platform or what it has on disk
     * does not fit into, `too_many_stores` for one that does not hold its owner's stores, `invalid_input` for none.
     */
    async resize(storeId: string, planName: string, wisher: Wisher): Promise<string> {
      const [store, plans] = await Promise.all([deps.stores.get(storeId), deps.plans.list()]);
      const plan = choosePlan(plans, planName, stackOf(store.platform));
      if (plan === store.plan) throw new InvalidInputError('plan', 'The store has this plan already.');
      const diskBytes = (await deps.usage.find(storeId))?.diskBytes;
      for (const { name, diskMb } of plans)
        if (name === plan) assertPlanHolds({ name, diskMb }, { diskBytes, memory: [] });
      return ask(storeId, 'resize', wisher, { plan });
    },
    /** The shop that runs is set so; everything that is not named stays. */
    configure: (storeId: string, wish: RunInput, wisher: Wisher): Promise<string> =>
      ask(storeId, 'configure', wisher, wish),
    /** A new password of its administrator or of its database. Throws `not_allowed_now` also while something else is under way. */
    rotate: (storeId: string, whose: PasswordHolder, wisher: Wisher): Promise<string> =>
      ask(storeId, ROTATIONS[whose], wisher),
    /** Closed now, and gone when the days of grace are over. */
    scheduleDelete: (storeId: string, wisher: Wisher): Promise<string> => ask(storeId, 'schedule-delete', wisher),
    /** Back to what it was before its deletion was asked for. */
    undoDelete: (storeId: string, wisher: Wisher): Promise<string> => ask(storeId, 'undo-delete', wisher),
  };
}

function parseWords({ reason, text }: { reason: string; text?: string | undefined }): RunInput {
  const words = {
    reason: within('reason', reason, REASON_MAX),
    ...(text === undefined || text.trim() === '' ? {} : { text: within('text', text, TEXT_MAX) }),
  };
  if (words.reason === '') throw new InvalidInputError('reason', 'Say why the store is suspended.');
  return words;
}

/** One line: it goes into mails and tables. */
function within(field: string, text: string, max: number): string {
  const line = text.replace(/[\s\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').trim();
  if (line.length > max) throw new InvalidInputError(field, `At most ${max} characters, please.`);
  return line;
}
