import { existsSync } from 'node:fs';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { EngineInstall } from '../../adapters/docker/engine-install.ts';
import { findTools } from '../../adapters/docker/engine-tools.ts';
import { findSystemUser } from '../../adapters/filesystem/find-system-user.ts';
import { writeFileAtomically } from '../../adapters/filesystem/write-file-atomically.ts';
import type { Host, PlatformUser } from '../../adapters/host/host.ts';
import type { Systemd } from '../../adapters/host/systemd/systemd.ts';
import { PROGRAMS, type ProgramName } from '../../adapters/process/programs.ts';
import { readMachineChoices } from '../../config/machine-choices.ts';
import { diffLines } from '../../operating/install/diff-lines.ts';
import type { InstallStep } from '../../operating/install/install.ts';
import type { Platform } from '../../operating/platform.ts';
import type { Adapters } from '../adapters.ts';
import { imagesNeeded } from '../prepare-images.ts';

/** Written by systemd; they must not be everybody's to read. */
const UNIT_LOGS = ['services.log', 'worker.log', 'web.log'];
const LOG_MODE = 0o640;

/** Debian packages. A system nginx that comes with ours would take its ports at the next boot. */
export function packagesStep(host: Host, systemd: Systemd, programs: readonly ProgramName[]): InstallStep {
  const missing = () => programs.filter((name) => !PROGRAMS[name].paths.some((path) => existsSync(path)));
  return {
    what: 'packages',
    look: async () => missing().map((name) => `+ apt-get install ${PROGRAMS[name].package}`),
    async apply(signal) {
      const hadNginx = !missing().includes('nginx');
      await host.apt.ensurePrograms(programs, signal);
      if (!hadNginx) await systemd.act('disable', ['nginx.service'], signal);
    },
  };
}

export function accountStep(host: Host, name: PlatformUser): InstallStep {
  return {
    what: `account ${name}`,
    look: () =>
      findSystemUser(name).then(
        () => [],
        () => [`+ useradd --system --user-group --no-create-home --shell /usr/sbin/nologin ${name}`],
      ),
    apply: async (signal) => void (await host.ensureSystemUser(name, signal)),
  };
}

/** The engine answers, and does so after the next boot too. With a socket of the operator's own it is theirs to start. */
export function engineStep(engine: EngineInstall, systemd: Systemd, isOurs: boolean): InstallStep {
  return {
    what: 'Docker engine',
    async look() {
      const isThere = (await engine.look()) !== undefined;
      const isKept = !isOurs || (await systemd.isEnabled('docker.service'));
      return [
        ...(isThere ? [] : ['+ install and start the Docker engine']),
        ...(isKept ? [] : ['+ systemctl enable docker.service']),
      ];
    },
    async apply(signal) {
      await engine.ensure(signal);
      if (isOurs) await systemd.act('enable', ['docker.service'], signal);
    },
  };
}

/** A file of root's. `shown` is what may be shown of it. */
export function fileStep(parts: {
  readonly path: string;
  readonly content: string;
  readonly mode: number;
  readonly shown?: string;
  /** Is what stands there already the operator's, whatever it says? */
  readonly isKept?: boolean;
}): InstallStep {
  const { path, content, mode } = parts;
  return {
    what: path,
    async look() {
      const before = await readFile(path, 'utf8').catch(() => undefined);
      if (before === undefined) return diffLines('', parts.shown ?? content);
      return parts.isKept === true ? [] : diffLines(before, content);
    },
    async apply() {
      await mkdir(dirname(path), { recursive: true, mode: 0o755 });
      await writeFileAtomically(path, content, { mode, uid: 0, gid: 0 });
    },
  };
}

/** What the first start chooses and makes: ports, secrets, folders. */
export function foldersStep(
  { dataDir, customersDir }: { readonly dataDir: string; readonly customersDir: string },
  open: () => Promise<{ readonly platform: Platform }>,
): InstallStep {
  const wanted = [
    join(dataDir, 'choices.json'),
    join(dataDir, 'secrets'),
    join(dataDir, 'run/web'),
    join(dataDir, 'run/workers'),
    customersDir,
    ...UNIT_LOGS.map((name) => join(dataDir, 'logs', name)),
  ];
  return {
    what: `${dataDir} and ${customersDir}`,
    look: async () =>
      wanted
        .filter((path) => !existsSync(path) || readMachineChoices(dataDir) === undefined)
        .map((path) => `+ ${path}`),
    async apply(signal) {
      await (await open()).platform.ensureHost(signal);
      for (const name of UNIT_LOGS) {
        const path = join(dataDir, 'logs', name);
        await writeFile(path, '', { flag: 'a', mode: LOG_MODE });
        await chmod(path, LOG_MODE);
      }
    },
  };
}

/** Compose, buildx, and every image that the configured platforms need. */
export function imagesStep(
  dataDir: string,
  open: () => Promise<{ readonly platform: Platform; readonly adapters: Adapters }>,
): InstallStep {
  return {
    what: 'tools and images',
    async look() {
      const tools = findTools(dataDir).compose === undefined ? ['+ Compose, buildx'] : [];
      if (readMachineChoices(dataDir) === undefined)
        return [...tools, ...imagesNeeded().map((name) => `+ image ${name}`)];
      const images = await (await open()).adapters.images.list().catch(() => []);
      const present = new Set(images.filter((image) => image.present).map(({ name }) => name));
      return [
        ...tools,
        ...imagesNeeded()
          .filter((name) => !present.has(name))
          .map((name) => `+ image ${name}`),
      ];
    },
    async apply(signal) {
      const { platform } = await open();
      await platform.ensureTools(signal);
      await platform.prepareImages(signal);
    },
  };
}
