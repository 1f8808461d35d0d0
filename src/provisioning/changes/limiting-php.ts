import { AppError, LeaseLostError, toAppError } from '../../domain/errors.ts';
import {
  type HeldPhpLimits,
  PHP_LIMIT_NAMES,
  type PhpLimits,
  phpLimitInWords,
  phpLimitsOfPlan,
  phpWishIn,
  USUAL_PHP_LIMITS,
  withinPhpLimits,
} from '../../domain/php-limits.ts';
import type { Lease } from '../../domain/run.ts';
import type { Plan, Store } from '../../domain/store.ts';
import { MINUTE, SECOND } from '../../lib/time.ts';
import type { Step, StepContext } from '../step.ts';
import { STEP_TITLES } from '../step-titles.ts';
import type { Edge } from '../steps/route-traffic.ts';
import type { Outbox } from '../steps/send-welcome-mail.ts';
import type { PhpLimitsOfStores } from '../steps/start-containers.ts';
import type { PlansByName } from './resizing.ts';
import type { StoreLinks } from './tell-owner.ts';

export interface PhpLimitingDeps {
  readonly shop: {
    /**
     * The running PHP goes by what stands in the store's file, without ending a request. Resolves to what it says that it
     * goes by then; `undefined` where the shop's image has no such program. After a failure it goes on as before.
     */
    applyPhpLimits(store: Store, signal: AbortSignal): Promise<HeldPhpLimits | undefined>;
  };
  readonly phpLimits: PhpLimitsOfStores & {
    readonly known: {
      record(lease: Lease, limits: PhpLimits, now: Date): Promise<void>;
      /** Brings down what is more than `most`, with the ledger's line; says whether this run did, however often it is asked. */
      lower(
        lease: Lease,
        most: { readonly plan: string; readonly limits: PhpLimits },
        now: Date,
      ): Promise<{ readonly limits: PhpLimits | undefined; readonly isLowered: boolean }>;
    };
  };
  /** What is told on the store's pages. */
  readonly settings: { notePhp(lease: Lease, held: PhpLimits | HeldPhpLimits): Promise<void> };
  readonly plans: PlansByName;
  readonly edge: Pick<Edge, 'apply'>;
  readonly outbox: Outbox;
  readonly links: Pick<StoreLinks, 'pageOf'>;
  readonly now: () => Date;
}

const RETRY = { attempts: 3, backoffMs: 2 * SECOND };
/** The shop's own program gives up before. */
const DEADLINE_MS = 4 * MINUTE;

/**
 * PHP goes by what the run names of it, and by what it went by before otherwise. The file comes first and the row last:
 * until PHP itself has said that it goes by them, the row is what there is to go back to, also for whoever starts the
 * containers anew. Visitors get larger uploads through the edge once the shop takes them.
 */
export function applyPhpLimits(deps: Omit<PhpLimitingDeps, 'settings' | 'outbox' | 'links'>): Step {
  const { phpLimits, plans, edge } = deps;
  return {
    name: 'apply-php-limits',
    title: STEP_TITLES['apply-php-limits'],
    deadlineMs: DEADLINE_MS,
    retry: RETRY,
    async ensure(store, context) {
      const wish = phpWishIn(context.run.input);
      if (Object.keys(wish).length === 0) return;
      const before = await phpLimits.known.find(store.id);
      const wanted = withinPhpLimits(
        { ...(before ?? USUAL_PHP_LIMITS[store.platform]), ...wish },
        // The plan may have become a smaller one since it was asked for.
        phpLimitsOfPlan(store.platform, await plans.get(store.plan)),
      );
      await putOrAsBefore(deps, store, wanted, context);
      await edge.apply(context.signal);
    },
  };
}

async function putOrAsBefore(
  { phpLimits, shop, now }: Pick<PhpLimitingDeps, 'phpLimits' | 'shop' | 'now'>,
  store: Store,
  wanted: PhpLimits,
  { lease, signal, log }: StepContext,
): Promise<void> {
  try {
    await phpLimits.files.write(store, wanted);
    assertHeld(store, wanted, await shop.applyPhpLimits(store, signal));
    await phpLimits.known.record(lease, wanted, now());
  } catch (thrown) {
    // The store is somebody else's, or the run goes on later: whoever takes it up begins anew.
    if (signal.aborted || thrown instanceof LeaseLostError) throw thrown;
    log(`What a request may take stays as before: ${toAppError(thrown).message}`);
    // Asked again: a write whose answer was lost may have come through.
    await phpLimits.files.write(store, await phpLimits.known.find(store.id));
    // Most likely it has gone back by itself; a shop that does not answer goes by the file when it starts.
    await shop.applyPhpLimits(store, signal).catch((again: unknown) => log(toAppError(again).message));
    throw thrown;
  }
}

function assertHeld({ id }: Store, wanted: PhpLimits, held: HeldPhpLimits | undefined): void {
  if (held === undefined) {
    throw new AppError('not_allowed_now', `The image of ${id} is from before these limits could be set.`, {
      hint: 'They stay as they are in this shop; a shop that is made anew can have them.',
    });
  }
  const refused = PHP_LIMIT_NAMES.filter((name) => held[name] !== wanted[name]);
  if (refused.length === 0) return;
  throw new AppError('shop_command_failed', `The PHP of ${id} keeps its own ${refused.join(', ')}.`);
}

/**
 * What is more than the store's plan allows comes down to it, and its owner is told, once. The number of requests that are
 * answered at once follows the memory that the plan gives, in any case.
 */
export function fitPhpLimits({ phpLimits, shop, settings, plans, edge, outbox, links, now }: PhpLimitingDeps): Step {
  return {
    name: 'fit-php-limits',
    title: STEP_TITLES['fit-php-limits'],
    deadlineMs: DEADLINE_MS,
    retry: RETRY,
    async ensure(store, { lease, run, signal }) {
      const plan = await plans.get(store.plan);
      const most = { plan: plan.name, limits: phpLimitsOfPlan(store.platform, plan) };
      const { limits, isLowered } = await phpLimits.known.lower(lease, most, now());
      await phpLimits.files.write(store, limits);
      // A shop that stands still goes by the file when it starts.
      const held = store.status === 'active' ? await shop.applyPhpLimits(store, signal) : limits;
      if (held !== undefined) await settings.notePhp(lease, held);
      await edge.apply(signal);
      if (isLowered && limits !== undefined) {
        await outbox.enqueue(
          {
            uniqueKey: `php-limits:${run.id}`,
            storeId: store.id,
            recipient: store.customerEmail,
            kind: 'php-limits-lowered',
            payload: { title: store.title, sentence: inWords(plan, limits), storeUrl: links.pageOf(store) },
          },
          lease,
        );
      }
    },
  };
}

function inWords({ name }: Pick<Plan, 'name'>, limits: PhpLimits): string {
  const all = PHP_LIMIT_NAMES.map((limit) => phpLimitInWords(limit, limits[limit]));
  return `With its new plan, ${name}, it has ${all.slice(0, -1).join(', ')} and ${all.at(-1) ?? ''}.`;
}
