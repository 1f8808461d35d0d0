import type { RunStatus } from '../../../domain/run.ts';
import type { Wording } from './statuses.ts';

export const RUN_WORDING = {
  queued: { word: 'Waiting', icon: 'hourglass', tone: 'waiting' },
  running: { word: 'Under way', icon: 'running', tone: 'busy' },
  done: { word: 'Done', icon: 'done', tone: 'good' },
  failed: { word: 'Failed', icon: 'alert', tone: 'bad' },
} as const satisfies Record<RunStatus, Wording>;

/** `Start containers`: a step's or a run's name as operators read it. */
export function nameInWords(name: string): string {
  const words = name.replaceAll(/[-_]/g, ' ');
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
}

/** `12 stores`, `1 store`, `12,000 stores`. */
export function countInWords(count: number, one: string, many = `${one}s`): string {
  return `${new Intl.NumberFormat('en').format(count)} ${count === 1 ? one : many}`;
}
