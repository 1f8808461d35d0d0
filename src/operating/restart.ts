import type { CliActions } from '../cli/actions.ts';
import { AppError } from '../domain/errors.ts';
import type { Control, Platform, ProcessKind } from './platform.ts';

/**
 * `restart`: worker (and web) by the `up` that keeps them, one after the other; the edge straight away, whoever started
 * it. Without a name: all there are. Throws `not_allowed_now` when a process is asked for and no `up` runs.
 */
export function createRestart(parts: {
  readonly control: Control;
  readonly edge: Pick<Platform['edge'], 'start' | 'stop'>;
  /** The kinds of process that this version has. */
  readonly kinds: readonly ProcessKind['name'][];
}): CliActions['restart'] {
  const restartEdge = async (signal: AbortSignal, onProgress: (line: string) => void): Promise<void> => {
    onProgress('Restarting the edge');
    await parts.edge.stop(signal);
    await parts.edge.start(signal);
  };
  return async ({ service, signal, onProgress }) => {
    if (service === 'edge') return restartEdge(signal, onProgress);
    if (service !== undefined && !parts.kinds.includes(service)) {
      throw new AppError('not_allowed_now', `${service} is not part of this version yet.`);
    }
    for (const kind of service === undefined ? parts.kinds : [service]) {
      onProgress(`Restarting ${kind}`);
      const asked = await parts.control.call({ command: 'restart', service: kind }, { signal, onProgress });
      if (asked === undefined) throw noUp(kind);
    }
    if (service === undefined) await restartEdge(signal, onProgress);
  };
}

const noUp = (kind: string): AppError =>
  new AppError('not_allowed_now', `No shopctl up runs here that could restart ${kind}.`, {
    hint: 'Start the platform: shopctl up',
  });
