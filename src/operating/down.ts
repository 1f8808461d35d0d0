import type { CliActions } from '../cli/actions.ts';
import type { Control, Platform } from './platform.ts';

/**
 * `down`: asks the running `up` to end and waits until it has. Where none runs, stops what a killed one left behind.
 * With `stores`, then ends the edge and every store's containers; the next `up` starts them again. May repeat.
 */
export function createDown(parts: {
  readonly control: Control;
  readonly services: Pick<Platform['services'], 'stop' | 'managed'>;
  readonly edge: Pick<Platform['edge'], 'stop'>;
  readonly stores: Pick<Platform['stores'], 'stopAll'>;
}): CliActions['down'] {
  return async ({ stores, signal, onProgress }) => {
    const asked = await parts.control.call({ command: 'stop' }, { signal, onProgress });
    if (asked === undefined) {
      onProgress(`No shopctl up runs here; stopping ${parts.services.managed.join(' and ') || 'nothing'}`);
      await parts.services.stop(signal);
    }
    if (!stores) return { startAgain: 'shopctl up' };
    onProgress('Stopping the edge');
    await parts.edge.stop(signal);
    onProgress('Stopping the stores');
    onProgress(`${await parts.stores.stopAll(signal)} containers stopped`);
    return { startAgain: 'shopctl up' };
  };
}
