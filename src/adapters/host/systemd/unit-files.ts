import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../../domain/errors.ts';

/** The units, in the order in which they start. */
export const SERVICES = [
  'shophosting-services.service',
  'shophosting-edge.service',
  'shophosting-worker.service',
  'shophosting-web.service',
] as const;
export type ServiceUnit = (typeof SERVICES)[number];
export const TARGET = 'shophosting.target';

/** Where an administrator's units belong (systemd.unit(5)). */
export const UNIT_FOLDER = '/etc/systemd/system';

/** Where the platform of the units has its folders. */
export interface UnitFolders {
  readonly dataDir: string;
  readonly customersDir: string;
  readonly artifactsDir: string;
}

export interface UnitFile {
  readonly path: string;
  readonly content: string;
}

/** Folders that the files in `deploy/systemd` name. */
const DEFAULTS = { dataDir: '/var/lib/shophosting', customersDir: '/var/customers' };
/** What needs no quoting, and is no specifier of systemd. */
const PLAIN_PATH = /^\/[\w./-]+$/;
/** The units hide these from themselves (`ProtectHome`, `PrivateTmp`). */
const HIDDEN = /^\/(?:home|root|run\/user|tmp|var\/tmp)(?:\/|$)/;

/**
 * The units of `deploy/systemd` with the folders of this machine. Throws `configuration_invalid` for a folder that a unit
 * cannot name or cannot see.
 */
export async function renderUnits(packageRoot: string, folders: UnitFolders): Promise<UnitFile[]> {
  for (const [name, path] of Object.entries(folders)) refuseUnusable(name, path);
  return Promise.all(
    [TARGET, ...SERVICES].map(async (name) => ({
      path: join(UNIT_FOLDER, name),
      content: withFolders(await readFile(join(packageRoot, 'deploy', 'systemd', name), 'utf8'), folders),
    })),
  );
}

/** The line by which `shopctl` knows whose the units are. */
export const markOf = (dataDir: string): string => `DataDir=${dataDir}`;

function withFolders(text: string, { dataDir, customersDir, artifactsDir }: UnitFolders): string {
  const placed = text.replaceAll(DEFAULTS.customersDir, customersDir).replaceAll(DEFAULTS.dataDir, dataDir);
  if (artifactsDir.startsWith(`${dataDir}/`)) return placed;
  return placed.replaceAll(/^ReadWritePaths=.*$/gm, (line) => `${line} -${artifactsDir}`);
}

function refuseUnusable(name: string, path: string): void {
  const setting = { dataDir: 'DATA_DIR', customersDir: 'CUSTOMERS_DIR', artifactsDir: 'ARTIFACTS_DIR' }[name] ?? name;
  const hint = `Choose another folder for ${setting}.`;
  if (!PLAIN_PATH.test(path)) {
    const message = `${setting} (${path}) must hold only letters, digits and . _ / - to stand in a unit.`;
    throw new AppError('configuration_invalid', message, { hint });
  }
  if (!HIDDEN.test(path)) return;
  throw new AppError('configuration_invalid', `${setting} (${path}) lies where hardened units cannot see it.`, {
    hint,
  });
}
