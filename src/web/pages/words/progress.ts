import { SECOND } from '../../../lib/time.ts';
import type { RunView } from '../../../stores/present-store.ts';
import type { StoreDetails } from '../../services.ts';
import { guessInWords } from './durations.ts';
import { STATUS_WORDING } from './statuses.ts';

/** What the tab says: how far it is, before the name. */
export function progressTitle({ store }: Pick<StoreDetails, 'store'>): string {
  const place = store.run?.step ?? null;
  if (store.status === 'provisioning' && place !== null) return `${place.index}/${place.total} ${store.name}`;
  if (store.status === 'active') return `${store.name} is open`;
  return `${STATUS_WORDING[store.status].word}: ${store.name}`;
}

/** The one sentence that is read aloud when it changes; it holds no running number, or it would never be quiet. */
export function progressSentence({ store, queue }: Pick<StoreDetails, 'store' | 'queue'>): string {
  const place = store.run?.step ?? null;
  if (store.status === 'failed')
    return place === null
      ? 'This did not work.'
      : `Step ${place.index} of ${place.total} did not work: ${place.title}.`;
  if (store.status === 'pending' || place === null) return queueSentence(queue);
  return `Step ${place.index} of ${place.total}: ${place.title}.`;
}

/** `usually 40 more seconds`, honest about what lasts longer than usual; empty while nothing is known. */
export function remainingInWords(remainingMs: number | null): string {
  if (remainingMs === null) return '';
  if (remainingMs < SECOND) return 'any moment now';
  const guess = guessInWords(remainingMs).replace(/^a minute$/, '1 minute');
  return `usually ${guess.replace(/^(a few|\d+) /, '$1 more ').replace(/^1 /, 'one ')}`;
}

/** How many of the run's steps are behind it. */
export function stepsDone({ steps }: RunView): number {
  return steps.filter(({ status }) => status === 'done' || status === 'skipped').length;
}

function queueSentence(queue: StoreDetails['queue']): string {
  if (queue === null || queue.position <= 1) return 'Your store is next in line.';
  const before = queue.position - 1;
  const wait = queue.waitMs === null ? '' : ` That usually takes ${guessInWords(queue.waitMs)}.`;
  return before === 1 ? `One store is before yours.${wait}` : `${before} stores are before yours.${wait}`;
}

/**
 * What is shown of a store: a failed one whose next attempt is in the queue waits for its turn, and so does one that a
 * worker has just taken. (The store's own status changes a moment after that. A page that showed it as failed in between
 * would follow it no more.)
 */
export function asItStands(details: StoreDetails): StoreDetails {
  const { status, run } = details.store;
  // Asking for another attempt makes the step wait again that had failed.
  const isTaken = run !== null && run.steps.length > 0 && run.steps.every((step) => step.status !== 'failed');
  if (status !== 'failed' || (details.queue === null && !isTaken)) return details;
  return { ...details, failure: null, store: { ...details.store, status: 'pending', error: null } };
}
