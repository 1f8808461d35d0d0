import type { StepStatus } from '../../../domain/run.ts';
import type { StoreHealth, StoreStatus } from '../../../domain/store.ts';
import type { IconName } from '../components/icon.tsx';

/** How something is meant: by colour, beside the word and the picture. */
export type Tone = 'good' | 'busy' | 'waiting' | 'bad' | 'quiet';

export interface Wording {
  readonly word: string;
  readonly icon: IconName;
  readonly tone: Tone;
}

/** The same words everywhere. `sentence` is for the owner, on the store's own page. */
export const STATUS_WORDING = {
  pending: { word: 'Pending', icon: 'hourglass', tone: 'waiting', sentence: 'Your store waits for its turn.' },
  provisioning: { word: 'Provisioning', icon: 'running', tone: 'busy', sentence: 'Your store is being made.' },
  active: { word: 'Active', icon: 'done', tone: 'good', sentence: 'Your store is open.' },
  failed: { word: 'Failed', icon: 'alert', tone: 'bad', sentence: 'Your store could not be finished.' },
  suspended: {
    word: 'Suspended',
    icon: 'paused',
    tone: 'waiting',
    sentence: 'Your store is suspended. Visitors see a friendly note; everything in it is kept.',
  },
  'deletion-scheduled': {
    word: 'Deletion scheduled',
    icon: 'clock',
    tone: 'bad',
    sentence: 'Your store is closed and will be deleted. Until then everything in it is kept.',
  },
  deleting: {
    word: 'Deleting',
    icon: 'trash',
    tone: 'bad',
    sentence: 'Your store is being deleted. This page goes when it is done.',
  },
  asleep: {
    word: 'Asleep',
    icon: 'asleep',
    tone: 'quiet',
    sentence: 'Your store sleeps, since nobody came for a while. The next visitor wakes it.',
  },
} as const satisfies Record<StoreStatus, Wording & { readonly sentence: string }>;

/** State and health are two facts: a store can be active and down. */
export const HEALTH_WORDING = {
  unknown: { word: 'Not looked at yet', icon: 'waiting', tone: 'quiet' },
  healthy: { word: 'Healthy', icon: 'check', tone: 'good' },
  degraded: { word: 'Degraded', icon: 'alert', tone: 'waiting' },
  down: { word: 'Down', icon: 'failed', tone: 'bad' },
} as const satisfies Record<StoreHealth, Wording>;

/** Beside the state of a store whose visitors see its maintenance page. */
export const MAINTENANCE_WORDING: Wording = { word: 'Maintenance', icon: 'paused', tone: 'waiting' };

export const STEP_WORDING = {
  waiting: { word: 'Waiting', icon: 'waiting', tone: 'quiet' },
  running: { word: 'Running', icon: 'running', tone: 'busy' },
  done: { word: 'Done', icon: 'check', tone: 'good' },
  failed: { word: 'Failed', icon: 'failed', tone: 'bad' },
  skipped: { word: 'Skipped', icon: 'skipped', tone: 'quiet' },
} as const satisfies Record<StepStatus, Wording>;

/** Do visitors get in? A store that sleeps is woken by the first of them. */
export function isVisitable(status: StoreStatus): boolean {
  return status === 'active' || status === 'asleep';
}

/** Why there is no way into a shop as it stands now, beside the buttons that would be it; `null` while there is one. */
export function whyNoWayIn(status: StoreStatus): string | null {
  return isVisitable(status) ? null : `Not while your store is ${IN_SENTENCE[status]}.`;
}

/** Why nothing can be done with a shop's database or passwords now; `null` while it can. */
export function whyNotNow(status: StoreStatus, isMoving: boolean): string | null {
  if (status !== 'active') return `Only while your store is active; it is ${IN_SENTENCE[status]}.`;
  return isMoving ? 'Something else is being done with your store. This works again when that is over.' : null;
}

const IN_SENTENCE: Readonly<Record<StoreStatus, string>> = {
  pending: 'waiting for its turn',
  provisioning: 'being made',
  active: 'open',
  failed: 'not finished',
  suspended: 'suspended',
  'deletion-scheduled': 'about to be deleted',
  deleting: 'being deleted',
  asleep: 'asleep',
};
