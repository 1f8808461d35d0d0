import type { ChangeKind, Run } from '../domain/run.ts';
import type { KeptStatus, Store } from '../domain/store.ts';
import { type AddressChangeDeps, changeAddress } from './changes/change-address.ts';
import { closeDoor, type StoreRoutes, stopContainers } from './changes/closing.ts';
import { applySettings, type ConfiguringDeps, recordSettings, type SettableShop } from './changes/configuring.ts';
import { applyPhpLimits, fitPhpLimits, type PhpLimitingDeps } from './changes/limiting-php.ts';
import { type Mark, marking } from './changes/marking.ts';
import { type ComesBackAs, openDoor, startAgain } from './changes/opening.ts';
import {
  applyLimits,
  checkRoom,
  type LimitedContainers,
  orLimitsAsBefore,
  type PlansByName,
} from './changes/resizing.ts';
import { lookAgain, type RestartableContainers, restartContainers } from './changes/restarting.ts';
import { type RotationDeps, rotateAdmin, rotateDatabase } from './changes/rotating.ts';
import { type StoreLinks, tellOwner } from './changes/tell-owner.ts';
import type { Step } from './step.ts';
import type { Edge } from './steps/route-traffic.ts';
import type { Outbox } from './steps/send-welcome-mail.ts';
import type { StoreContainers } from './steps/start-containers.ts';

/** What the changes need of the world besides the steps of a store's making. */
export interface ChangeDeps {
  /** The step of that name as the pipeline has it. */
  readonly startContainers: Step;
  readonly containers: Pick<StoreContainers, 'stop'> & LimitedContainers & RestartableContainers;
  readonly plans: PlansByName;
  readonly stores: { get(id: string): Promise<Store> };
  /** Bytes that its folder takes; what it says is also kept for the owner. */
  readonly measureDisk: (store: Store, signal: AbortSignal) => Promise<number>;
  readonly shop: SettableShop & PhpLimitingDeps['shop'];
  readonly phpLimits: PhpLimitingDeps['phpLimits'];
  readonly settings: ConfiguringDeps['settings'] & PhpLimitingDeps['settings'];
  readonly address: Omit<AddressChangeDeps, 'routes'>;
  readonly rotation: RotationDeps;
  readonly routes: StoreRoutes;
  readonly edge: Edge;
  readonly outbox: Outbox;
  readonly links: StoreLinks;
  readonly marks: Readonly<Record<'suspended' | 'resumed' | 'restarted' | 'plan' | 'forDeletion' | 'kept', Mark>>;
  readonly now: () => Date;
}

/**
 * What can be done with a store that is made: one list of steps per kind, walked forward by the same runner, under the
 * same lease and journal as its making. Each step makes one thing true whether or not it already is.
 */
export function createChanges(deps: ChangeDeps): Readonly<Record<ChangeKind, readonly Step[]>> {
  const { marks, now, outbox, links } = deps;
  const rotation = { ...deps.rotation, outbox, links, now };
  const close = [closeDoor(deps), stopContainers(deps)];
  const openAs = (comesBackAs: ComesBackAs) => [
    startAgain({ startContainers: deps.startContainers, comesBackAs }),
    openDoor({ ...deps, comesBackAs }),
  ];
  return {
    // The state comes first: from then on nobody repairs the shop or rings its clock while it is being closed.
    suspend: [
      marking('mark-suspended', { mark: marks.suspended, now }),
      ...close,
      tellOwner({
        outbox,
        contentOf: (store, run) => ({
          kind: 'suspended',
          payload: { title: store.title, storeUrl: links.pageOf(store), ...suspensionWords(store, run) },
        }),
      }),
    ],
    resume: [
      ...openAs(() => 'active'),
      marking('mark-resumed', { mark: marks.resumed, now }),
      tellOwner({
        outbox,
        contentOf: (store) => ({
          kind: 'resumed',
          payload: { title: store.title, url: links.urlOf(store), storeUrl: links.pageOf(store) },
        }),
      }),
    ],
    restart: [restartContainers(deps), lookAgain(deps), marking('record-restart', { mark: marks.restarted, now })],
    'change-address': changeAddress({ ...deps.address, routes: deps.routes }),
    configure: [applySettings(deps), applyPhpLimits(deps), recordSettings(deps)],
    'rotate-admin': rotateAdmin(rotation),
    'rotate-database': rotateDatabase(rotation),
    resize: [
      ...[checkRoom(deps), applyLimits(deps), marking('record-plan', { mark: marks.plan, now })].map((step) =>
        orLimitsAsBefore(step, deps),
      ),
      fitPhpLimits(deps),
    ],
    'schedule-delete': [
      marking('mark-for-deletion', { mark: marks.forDeletion, now }),
      ...close,
      tellOwner({
        outbox,
        contentOf: (store) => ({
          kind: 'deletion-scheduled',
          payload: { title: store.title, dueDate: dateOf(store.deletion?.dueAt), storeUrl: links.pageOf(store) },
        }),
      }),
    ],
    'undo-delete': [
      ...openAs(keptStatus),
      marking('mark-kept', { mark: marks.kept, now }),
      tellOwner({
        outbox,
        contentOf: (store) => ({
          kind: 'deletion-undone',
          payload: { title: store.title, sentence: KEPT_SENTENCE[keptStatus(store)], storeUrl: links.pageOf(store) },
        }),
      }),
    ],
  };
}

const KEPT_SENTENCE: Readonly<Record<KeptStatus, string>> = {
  active: 'Your shop is open again, as it was before.',
  suspended: 'Your shop is closed, as it was before.',
  failed: 'Your shop is as far as it was before; on its page you can go on with it.',
};

/** What the store was before its deletion, also after the row that said so is gone. */
function keptStatus({ status, deletion }: Store): KeptStatus {
  if (deletion !== null) return deletion.previousStatus;
  return status === 'suspended' || status === 'failed' ? status : 'active';
}

function dateOf(dueAt: Date | undefined): string {
  return dueAt === undefined ? 'the date on its page' : DUE_DATE.format(dueAt);
}

const DUE_DATE = new Intl.DateTimeFormat('en-GB', {
  dateStyle: 'long',
  timeStyle: 'short',
  timeZone: 'UTC',
});

function suspensionWords({ suspension }: Store, { input }: Run): { sentence: string; text?: string } {
  if (input['by'] === 'owner') {
    return { sentence: 'You have paused your shop. You can open it again at any time, on its page.' };
  }
  return {
    sentence: 'We have closed your shop for now. Visitors see a friendly note; everything in it is kept.',
    ...(suspension?.text ? { text: suspension.text } : {}),
  };
}
