import { AppError, LeaseLostError, toAppError } from '../../domain/errors.ts';
import type { Lease, Run, StepName } from '../../domain/run.ts';
import type { Store } from '../../domain/store.ts';
import { MINUTE, SECOND } from '../../lib/time.ts';
import type { Step, StepContext } from '../step.ts';
import { STEP_TITLES } from '../step-titles.ts';
import type { Edge } from '../steps/route-traffic.ts';

export interface AddressChangeDeps {
  readonly snapshots: {
    take(store: Store, name: string, signal: AbortSignal): Promise<void>;
    putBack(store: Store, name: string, signal: AbortSignal): Promise<void>;
    drop(store: Store, name: string): Promise<void>;
  };
  readonly shop: {
    /** Everything of the shop's that names the one address names the other. Both end in a slash. */
    changeUrl(store: Store, addresses: { from: string; to: string }, signal: AbortSignal): Promise<void>;
    setUrl(store: Store, url: string, signal: AbortSignal): Promise<void>;
    /** Throws unless the shop itself answers a visitor of this host, and sends nobody elsewhere. */
    answersAs(store: Store, hostname: string, signal: AbortSignal): Promise<void>;
  };
  readonly addresses: {
    isGoingBack(storeId: string): Promise<boolean>;
    goBack(lease: Lease): Promise<void>;
    /** Where visitors of the store's other hosts are sent, and what the store's address is. */
    setPrimary(lease: Lease, hostname: string): Promise<void>;
    /** The change is over; the ledger hears of it. */
    finish(lease: Lease, change: AddressChange & { readonly isDone: boolean }): Promise<void>;
  };
  readonly edge: Edge;
  /** Where visitors of a host find it; ends in a slash. */
  readonly addressOf: (hostname: string) => string;
}

export interface AddressChange {
  readonly from: string;
  readonly to: string;
}

/** Putting the database back takes about as long as taking it. */
const PUT_BACK_WITHIN_MS = 5 * MINUTE;

/**
 * The shop moves to another of its hosts. From the snapshot on everything can be put back, and is, as soon as one step
 * does not work: visitors then find the shop where it was. Once that has begun nothing goes forward any more, also not
 * after a crash.
 */
export function changeAddress(deps: AddressChangeDeps): readonly Step[] {
  const { snapshots, shop, addresses, edge, addressOf } = deps;

  async function putBack(store: Store, { lease, run, signal }: StepContext): Promise<void> {
    const change = changeIn(run);
    try {
      await snapshots.putBack(store, run.id, signal);
      // Its caches know the other one.
      await shop.setUrl(store, addressOf(change.from), signal);
      await addresses.setPrimary(lease, change.from);
      await edge.apply(signal);
      await snapshots.drop(store, run.id);
      await addresses.finish(lease, { ...change, isDone: false });
    } catch (thrown) {
      if (thrown instanceof LeaseLostError) throw thrown;
      signal.throwIfAborted();
      const { code, message, hint, logTail } = toAppError(thrown);
      // It must end well sooner or later, so it is tried until it does.
      throw new AppError(code, message, {
        cause: thrown,
        retryable: true,
        ...(hint === undefined ? {} : { hint }),
        ...(logTail === undefined ? {} : { logTail }),
      });
    }
  }

  /** One step of the way. What it throws turns the walk round; `isFirst`: there is nothing yet that could be put back. */
  function onTheWay(
    name: StepName,
    withinMs: number,
    act: (store: Store, change: AddressChange, context: StepContext) => Promise<void>,
    { isFirst = false } = {},
  ): Step {
    return {
      name,
      title: STEP_TITLES[name],
      deadlineMs: withinMs + PUT_BACK_WITHIN_MS,
      retry: { attempts: 1, backoffMs: SECOND },
      async ensure(store, context) {
        const { run, lease, log } = context;
        const change = changeIn(run);
        let cause: unknown;
        if (!(await addresses.isGoingBack(store.id))) {
          const signal = AbortSignal.any([context.signal, AbortSignal.timeout(withinMs)]);
          try {
            await act(store, change, { ...context, signal });
            return;
          } catch (thrown) {
            context.signal.throwIfAborted();
            if (thrown instanceof LeaseLostError) throw thrown;
            const error = toAppError(thrown);
            log(error.message);
            if (error.logTail !== undefined) log(error.logTail);
            if (isFirst) {
              await addresses.finish(lease, { ...change, isDone: false });
              throw unchanged(change, thrown);
            }
            await addresses.goBack(lease);
            cause = thrown;
          }
        }
        await putBack(store, context);
        throw unchanged(change, cause);
      },
    };
  }

  return [
    onTheWay(
      'snapshot-database',
      5 * MINUTE,
      (store, _change, { run, signal }) => snapshots.take(store, run.id, signal),
      {
        isFirst: true,
      },
    ),
    onTheWay('rewrite-addresses', 10 * MINUTE, (store, { from, to }, { signal }) =>
      shop.changeUrl(store, { from: addressOf(from), to: addressOf(to) }, signal),
    ),
    onTheWay('switch-address', MINUTE, async (_store, { to }, { lease, signal }) => {
      await addresses.setPrimary(lease, to);
      await edge.apply(signal);
    }),
    onTheWay('verify-address', MINUTE, async (store, { to }, { signal }) => {
      await shop.answersAs(store, to, signal);
      await edge.probe(to, signal);
    }),
    onTheWay('finish-address', MINUTE, async (store, change, { run, lease }) => {
      await addresses.finish(lease, { ...change, isDone: true });
      await snapshots.drop(store, run.id);
    }),
  ];
}

/** What the run was asked for. */
function changeIn({ id, input }: Run): AddressChange {
  const { from, to } = input;
  if (from === undefined || to === undefined) throw new AppError('internal_error', `The run ${id} names no address.`);
  return { from, to };
}

function unchanged({ from, to }: AddressChange, cause: unknown): AppError {
  const reason = cause === undefined ? '' : ` ${toAppError(cause).message}`;
  return new AppError('address_not_changed', `The shop stays at ${from}: it could not be moved to ${to}.${reason}`, {
    cause,
    hint: `Its database is as it was before. Look at its log, then try again: shopctl domain primary ${to}`,
  });
}
