import { tryLock } from '../adapters/host/exclusive-lock.ts';
import { createSystemd } from '../adapters/host/systemd/systemd.ts';
import type { ServiceUnit } from '../adapters/host/systemd/unit-files.ts';
import { notifySystemd } from '../adapters/process/notify-systemd.ts';
import type { CliActions, Progress, UnitName } from '../cli/actions.ts';
import { loadConfig } from '../config/load-config.ts';
import { installedSources } from '../config/read-settings.ts';
import { createHoldServices } from '../operating/hold-services.ts';
import type { Units } from '../operating/kept-by-units.ts';
import { createAdapters } from './adapters.ts';
import { createPlatform } from './platform.ts';
import { layOutWebFolders, writeWebConfig } from './web-kind.ts';

/** Asks systemd for our units. */
export const units: Units = {
  act: (verb, names, signal) =>
    createSystemd().act(
      verb,
      names.map((name): ServiceUnit => `shophosting-${name}.service`),
      signal,
    ),
};

const RUN: Readonly<Record<UnitName, (input: Progress) => Promise<void>>> = {
  async services({ signal, onProgress }) {
    const config = loadConfig(installedSources());
    const hold = createHoldServices({
      dataDir: config.dataDir,
      takeLock: () => tryLock(`up:${config.dataDir}`),
      open: async (say) => {
        const { edge: _edge, ...platform } = await createPlatform(createAdapters(config, say), say);
        return platform;
      },
      onReady: notifySystemd,
    });
    await hold(signal, onProgress);
  },
  async edge({ signal, onProgress }) {
    const adapters = createAdapters(loadConfig(installedSources()), onProgress);
    try {
      const { pid, pending } = await adapters.edge.start(signal);
      onProgress(
        pending === undefined ? `The edge runs (${pid})` : `The edge runs (${pid}) as last time: ${pending.message}`,
      );
    } finally {
      await adapters.close();
    }
  },
  async 'web-config'() {
    const config = loadConfig(installedSources());
    await layOutWebFolders(config);
    await writeWebConfig(config);
  },
};

/** What a unit of `deploy/systemd` runs. */
export const runUnit: CliActions['unit'] = ({ name, ...progress }) => RUN[name](progress);
