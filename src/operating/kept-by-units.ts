import type { CliActions, PlatformProcess } from '../cli/actions.ts';
import { AppError } from '../domain/errors.ts';
import type { Platform } from './platform.ts';

type Unit = 'services' | PlatformProcess;

/** How the installed units are asked; each call returns when it is done. */
export interface Units {
  act(verb: 'stop' | 'restart', units: readonly Unit[], signal: AbortSignal): Promise<void>;
}

export const START_UNITS = 'systemctl start shophosting.target';

/** `up` where units keep the platform: says who does, and how to start them. */
export function refuseUp(dataDir: string): never {
  throw new AppError('already_running', `systemd keeps the platform of ${dataDir}.`, {
    hint: `Start it: ${START_UNITS}. See: shopctl status. A second instance needs another DATA_DIR, CUSTOMERS_DIR, STORE_SUBNETS and STORE_UIDS.`,
  });
}

/** `down` by the units: edge and stores serve on; with `stores` they end too. After the next boot everything runs again. */
export function createUnitsDown(units: Units, stores: Pick<Platform['stores'], 'stopAll'>): CliActions['down'] {
  return async ({ stores: isForStores, signal, onProgress }) => {
    onProgress('Stopping web, worker, MySQL and Redis (systemctl)');
    await units.act('stop', ['web', 'worker', 'services'], signal);
    if (isForStores) {
      onProgress('Stopping the edge and the stores');
      await units.act('stop', ['edge'], signal);
      onProgress(`${await stores.stopAll(signal)} containers stopped`);
    }
    return { startAgain: START_UNITS };
  };
}

/** `restart` by the units; without a name everything, the services with it, so that changed settings hold. */
export function createUnitsRestart(units: Units): CliActions['restart'] {
  return async ({ service, signal, onProgress }) => {
    const asked: readonly Unit[] = service === undefined ? ['services', 'edge', 'worker', 'web'] : [service];
    onProgress(`Restarting ${asked.join(', ')} (systemctl)`);
    await units.act('restart', asked, signal);
  };
}
