import type { AddressChangeStage } from '../../domain/address-change.ts';
import { AppError, LeaseLostError, ShopBusyError, toAppError } from '../../domain/errors.ts';
import type { Lease, Run, StepName } from '../../domain/run.ts';
import type { Store } from '../../domain/store.ts';
import { MINUTE, SECOND } from '../../lib/time.ts';
import type { Step, StepContext } from '../step.ts';
import { STEP_TITLES } from '../step-titles.ts';
import type { Edge } from '../steps/route-traffic.ts';
import type { StoreRoutes } from './closing.ts';
import { triedAgain } from './tried-again.ts';

export interface AddressChangeDeps {
  readonly snapshots: {
    take(store: Store, name: string, signal: AbortSignal): Promise<void>;
    putBack(store: Store, name: string, signal: AbortSignal): Promise<void>;
    drop(store: Store, name: string): Promise<void>;
  };
  readonly shop: {
    /**
     * Everything of the shop's that names the one address names the other. Both end in a slash. Throws `ShopBusyError`
     * while another program is at work in the shop, as `setUrl` does.
     */
    changeUrl(store: Store, addresses: { from: string; to: string }, signal: AbortSignal): Promise<void>;
    setUrl(store: Store, url: string, signal: AbortSignal): Promise<void>;
    /** Throws unless the shop itself answers a visitor of this host, past the edge, and sends nobody elsewhere. */
    answersAs(store: Store, hostname: string, signal: AbortSignal): Promise<void>;
  };
  readonly addresses: {
    stageOf(lease: Lease): Promise<AddressChangeStage>;
    setStage(lease: Lease, stage: Exclude<AddressChangeStage, 'over'>): Promise<void>;
    /** Where visitors of the store's other hosts are sent, and what the store's address is. */
    setPrimary(lease: Lease, hostname: string): Promise<void>;
    /** The change is over; the ledger hears of it, once. */
    finish(lease: Lease, change: AddressChange & { readonly isDone: boolean }): Promise<void>;
  };
  readonly routes: StoreRoutes;
  readonly edge: Pick<Edge, 'apply'> & {
    /** Throws unless visitors of the host get the page of a closed door, with a certificate of the host's own. */
    probeClosed(hostname: string, signal: AbortSignal): Promise<void>;
  };
  /** Where visitors of a host find it; ends in a slash. */
  readonly addressOf: (hostname: string) => string;
}

export interface AddressChange {
  readonly from: string;
  readonly to: string;
}

/** The shop's own program ends itself after ten minutes, and waits half a minute for its turn. */
const REWRITE_WITHIN_MS = 12 * MINUTE;
/** Putting the database back takes about as long as taking it; before and after it the shop is told its address. */
const GO_BACK_WITHIN_MS = 10 * MINUTE;

/**
 * The shop moves to another of its hosts. Its door is closed from the snapshot to the verdict, so that nothing is
 * ordered that the snapshot does not know; the verdict is had past the edge. As soon as one step does not work
 * everything is put back, once: whatever is ordered after that is never taken away again. How far it is is remembered
 * under the lease, and a run that is walked again after its end changes nothing.
 */
export function changeAddress(deps: AddressChangeDeps): readonly Step[] {
  const { snapshots, shop, addresses, edge, addressOf } = deps;

  async function setDoor(lease: Lease, state: 'making' | 'live', signal: AbortSignal): Promise<void> {
    await deps.routes.setState(lease, state);
    await edge.apply(signal);
  }

  /** A rewriting whose worker is gone may still run inside the shop: its lock is had first, and ended programs hold none. */
  async function waitForItsPrograms(store: Store, { from }: AddressChange, { signal, log }: StepContext) {
    try {
      await shop.setUrl(store, addressOf(from), signal);
    } catch (thrown) {
      signal.throwIfAborted();
      if (thrown instanceof ShopBusyError) throw thrown;
      // Half rewritten, it may understand nothing; that is what the snapshot is for.
      log(toAppError(thrown).message);
    }
  }

  async function restore(store: Store, change: AddressChange, context: StepContext): Promise<void> {
    const { lease, run, signal } = context;
    await setDoor(lease, 'making', signal);
    await waitForItsPrograms(store, change, context);
    await snapshots.putBack(store, run.id, signal);
    // Its caches know the other one.
    await shop.setUrl(store, addressOf(change.from), signal);
    await addresses.setStage(lease, 'restored');
  }

  async function goBack(store: Store, context: StepContext): Promise<void> {
    const { lease, run, signal } = context;
    const change = changeIn(run);
    try {
      if ((await addresses.stageOf(lease)) === 'back') await restore(store, change, context);
      await addresses.setPrimary(lease, change.from);
      await setDoor(lease, 'live', signal);
      await snapshots.drop(store, run.id);
      await addresses.finish(lease, { ...change, isDone: false });
    } catch (thrown) {
      if (thrown instanceof LeaseLostError) throw thrown;
      signal.throwIfAborted();
      throw triedAgain(thrown);
    }
  }

  /** Only the mark of the run's own end was missing. */
  async function endAgain(store: Store, { run }: StepContext): Promise<void> {
    const change = changeIn(run);
    await snapshots.drop(store, run.id);
    if ((store.primaryDomain ?? store.domain) !== change.to) throw unchanged(change, undefined);
  }

  /** One step of the way. What it throws turns the walk round; `isFirst`: nothing of the shop's is changed by it. */
  function onTheWay(
    name: StepName,
    withinMs: number,
    act: (store: Store, change: AddressChange, context: StepContext) => Promise<void>,
    { isFirst = false } = {},
  ): Step {
    return {
      name,
      title: STEP_TITLES[name],
      deadlineMs: withinMs + GO_BACK_WITHIN_MS,
      retry: { attempts: 1, backoffMs: SECOND },
      async ensure(store, context) {
        const { run, lease, log } = context;
        const change = changeIn(run);
        let cause: unknown;
        const stage = await addresses.stageOf(lease);
        if (stage === 'over') return endAgain(store, context);
        if (stage === 'moved') return;
        if (stage === 'forward') {
          const signal = AbortSignal.any([context.signal, AbortSignal.timeout(withinMs)]);
          try {
            await act(store, change, { ...context, signal });
            return;
          } catch (thrown) {
            context.signal.throwIfAborted();
            if (thrown instanceof LeaseLostError || thrown instanceof ShopBusyError) throw thrown;
            const error = toAppError(thrown);
            log(error.message);
            if (error.logTail !== undefined) log(error.logTail);
            await addresses.setStage(lease, isFirst ? 'restored' : 'back');
            cause = thrown;
          }
        }
        await goBack(store, context);
        throw unchanged(change, cause);
      },
    };
  }

  return [
    onTheWay(
      'snapshot-database',
      5 * MINUTE,
      async (store, _change, { run, lease, signal }) => {
        await setDoor(lease, 'making', signal);
        await snapshots.take(store, run.id, signal);
      },
      { isFirst: true },
    ),
    onTheWay('rewrite-addresses', REWRITE_WITHIN_MS, (store, { from, to }, { signal }) =>
      shop.changeUrl(store, { from: addressOf(from), to: addressOf(to) }, signal),
    ),
    onTheWay('switch-address', MINUTE, async (_store, { to }, { lease, signal }) => {
      await addresses.setPrimary(lease, to);
      await edge.apply(signal);
    }),
    onTheWay('verify-address', MINUTE, async (store, { to }, { lease, signal }) => {
      await shop.answersAs(store, to, signal);
      await edge.probeClosed(to, signal);
      await addresses.setStage(lease, 'moved');
    }),
    {
      name: 'finish-address',
      title: STEP_TITLES['finish-address'],
      deadlineMs: MINUTE,
      retry: { attempts: 1, backoffMs: SECOND },
      async ensure(store, context) {
        const { run, lease, signal } = context;
        if ((await addresses.stageOf(lease)) === 'over') return endAgain(store, context);
        await setDoor(lease, 'live', signal).catch((thrown: unknown) => {
          if (thrown instanceof LeaseLostError) throw thrown;
          signal.throwIfAborted();
          throw triedAgain(thrown);
        });
        await addresses.finish(lease, { ...changeIn(run), isDone: true });
        await snapshots.drop(store, run.id);
      },
    },
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
