import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createEngineInstall } from '../../adapters/docker/engine-install.ts';
import { createHost, type Host, PLATFORM_USERS } from '../../adapters/host/host.ts';
import { isPortFree } from '../../adapters/host/is-port-free.ts';
import { createSystemd, type Systemd } from '../../adapters/host/systemd/systemd.ts';
import { renderUnits } from '../../adapters/host/systemd/unit-files.ts';
import type { CliActions } from '../../cli/actions.ts';
import { prepareConfig } from '../../config/load-config.ts';
import { readMachineChoices } from '../../config/machine-choices.ts';
import {
  INSTALLED_SETTINGS,
  installedSources,
  ownSources,
  type ReadSettings,
  readSettings,
} from '../../config/read-settings.ts';
import { renderSettingsFile } from '../../config/settings-file.ts';
import { packageRoot } from '../../lib/package-root.ts';
import { SECOND } from '../../lib/time.ts';
import { createInstall, type InstallStep } from '../../operating/install/install.ts';
import type { Platform } from '../../operating/platform.ts';
import { type Adapters, createAdapters } from '../adapters.ts';
import { controlOf } from '../control.ts';
import { createPlatform, releasesOf } from '../platform.ts';
import { readStatus } from '../status.ts';
import { accountStep, engineStep, fileStep, foldersStep, imagesStep, packagesStep } from './machine-steps.ts';
import { unitSteps } from './unit-steps.ts';

const CONTROL_WITHIN_MS = 2 * SECOND;
const STANDARD_SOCKET = '/var/run/docker.sock';
const LAUNCHER = '/usr/local/bin/shopctl';
const SETTINGS_MODE = 0o600;
const LAUNCHER_MODE = 0o755;
const silent = (): void => undefined;

/** `install` on the real machine. What it opens is closed when it ends. */
export const install: CliActions['install'] = async (input) => {
  const systemd = createSystemd();
  const host = createHost({ onProgress: input.onProgress });
  let opened: Opened | undefined;
  // Settings are not read before it is known that there is something to install into.
  const settings = once(readInstallSettings);
  const open = async (): Promise<Opened> => (opened ??= await openPlatform(input.onProgress));
  try {
    return await createInstall({
      isSystemd: systemd.isRunning,
      ensureRoot: host.ensureRoot,
      isUpRunning: async () => {
        const { DATA_DIR: dataDir } = settings().values;
        if (await systemd.keeps(dataDir)) return false;
        const options = { signal: AbortSignal.timeout(CONTROL_WITHIN_MS), onProgress: silent };
        return (await controlOf(dataDir).call({ command: 'ping' }, options)) !== undefined;
      },
      steps: () => stepsOf(settings(), { systemd, host, open, onProgress: input.onProgress }),
    })(input);
  } finally {
    await opened?.adapters.close();
  }
};

interface Opened {
  readonly adapters: Adapters;
  readonly platform: Platform;
}

/** With the installed settings; chooses ports and makes secrets where nobody has yet. */
async function openPlatform(onProgress: (line: string) => void): Promise<Opened> {
  const adapters = createAdapters(await prepareConfig(isPortFree, installedSources()), onProgress);
  return { adapters, platform: await createPlatform(adapters, onProgress) };
}

/**
 * What the installed platform is to be: its settings file where there is one, else what is set now, for production
 * unless something else is said. Throws `configuration_invalid` with every problem that the units would meet.
 */
function readInstallSettings(): ReadSettings {
  if (existsSync(INSTALLED_SETTINGS)) return readSettings(installedSources());
  const { texts } = readSettings(ownSources());
  return readSettings({ ...installedSources(), env: { NODE_ENV: 'production', ...Object.fromEntries(texts) } });
}

async function stepsOf(
  { values, texts }: ReadSettings,
  parts: {
    readonly systemd: Systemd;
    readonly host: Host;
    readonly open: () => Promise<Opened>;
    readonly onProgress: (line: string) => void;
  },
): Promise<readonly InstallStep[]> {
  const { systemd, host, open, onProgress } = parts;
  const folders = {
    dataDir: values.DATA_DIR,
    customersDir: values.CUSTOMERS_DIR,
    artifactsDir: values.ARTIFACTS_DIR ?? join(values.DATA_DIR, 'artifacts'),
  };
  const socketPath = values.DOCKER_HOST ?? STANDARD_SOCKET;
  const engine = createEngineInstall({ socketPath, dataDir: folders.dataDir, host, onProgress });
  /** Before the first choices are made there is no edge to look for. */
  const isEdgeRunning = async (): Promise<boolean> =>
    readMachineChoices(folders.dataDir) !== undefined && (await (await open()).adapters.edge.isRunning()) !== undefined;
  return [
    packagesStep(host, systemd, [
      'nginx',
      'setpriv',
      ...(values.ACME_EMAIL === undefined ? [] : (['certbot'] as const)),
    ]),
    ...PLATFORM_USERS.map((name) => accountStep(host, name)),
    fileStep({
      path: INSTALLED_SETTINGS,
      content: renderSettingsFile(texts, 'plain'),
      shown: renderSettingsFile(texts, 'masked'),
      mode: SETTINGS_MODE,
      isKept: true,
    }),
    engineStep(engine, systemd, socketPath === STANDARD_SOCKET),
    foldersStep(folders, open),
    imagesStep(folders.dataDir, open),
    fileStep({ path: LAUNCHER, content: launcherOf(folders.dataDir), mode: LAUNCHER_MODE }),
    ...unitSteps({
      systemd,
      releases: releasesOf({ dataDir: folders.dataDir }, onProgress),
      units: await renderUnits(packageRoot(), folders),
      isEdgeRunning,
      stopEdge: async (signal) => (await open()).platform.edge.stop(signal),
      isReady: async () => (await readStatus((await open()).adapters, controlOf(folders.dataDir))).ready,
    }),
  ];
}

/** `shopctl` of the current release, with the Node that the units use, wherever PATH points. */
const launcherOf = (dataDir: string): string => `#!/bin/sh
# Made by shopctl install.
exec ${dataDir}/releases/current/bin/node ${dataDir}/releases/current/bin/shopctl "$@"
`;

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}
