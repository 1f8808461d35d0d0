import { randomBytes, randomInt } from 'node:crypto';
import { chmodSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { AppError } from '../domain/errors.ts';
import type { SettingValues } from './settings.ts';

/** Decided once on this machine and then kept, so that a second start finds everything where the first left it. */
const CHOICES = z.object({
  instanceId: z.string().regex(/^[a-z2-7]{8}$/),
  httpPort: z.int(),
  httpsPort: z.int(),
  mysqlPort: z.int(),
  redisPort: z.int(),
});
type Choices = z.output<typeof CHOICES>;

/** Made once each, kept in `DATA_DIR/secrets/NAME`, 0600. */
const SECRET_FILES = [
  'secret-key',
  'mysql-root',
  'mysql-admin',
  'mysql-worker',
  'mysql-web',
  'mysql-migrate',
  'redis',
] as const;
type SecretName = (typeof SECRET_FILES)[number];

export interface MachineChoices extends Choices {
  readonly secrets: Readonly<Record<SecretName, string>>;
}

const PORT_PAIRS = [
  [80, 443],
  [8080, 8443],
] as const;
const NEXT_PAIR = 18_080;
const MYSQL_PORT = 13_306;
const REDIS_PORT = 16_379;
const LAST_PORT = 60_000;

/** What an earlier `up` chose, or nothing when there was none. Throws `configuration_invalid` when the files are damaged. */
export function readMachineChoices(dataDir: string): MachineChoices | undefined {
  const choices = readChoices(dataDir);
  if (choices === undefined) return undefined;
  const secrets = SECRET_FILES.map((name) => [name, readSecret(dataDir, name)] as const);
  if (secrets.some(([, secret]) => secret === undefined)) return undefined;
  return { ...choices, secrets: Object.fromEntries(secrets) as Record<SecretName, string> };
}

/**
 * Makes and keeps what is missing; what is there is never changed. `DATA_DIR` itself stays passable (0755): the edge's
 * user and the databases' reach their folders through it. Only `up` and tests call it. Two at once agree on
 * one result: each file is linked into place, and who comes second reads what the first wrote.
 */
export async function ensureMachineChoices(
  values: SettingValues,
  isPortFree: (port: number) => Promise<boolean>,
): Promise<MachineChoices> {
  mkdirSync(values.DATA_DIR, { recursive: true, mode: 0o755 });
  mkdirSync(join(values.DATA_DIR, 'secrets'), { recursive: true, mode: 0o700 });
  chmodSync(join(values.DATA_DIR, 'secrets'), 0o700);
  for (const name of SECRET_FILES) keepFirst(secretPath(values.DATA_DIR, name), makeSecret(), 0o600);
  if (readChoices(values.DATA_DIR) === undefined) {
    const choices = await choose(values, isPortFree);
    keepFirst(choicesPath(values.DATA_DIR), `${JSON.stringify(choices, null, 2)}\n`, 0o644);
  }
  const made = readMachineChoices(values.DATA_DIR);
  if (made !== undefined) return made;
  throw new AppError('internal_error', `The choices kept in ${values.DATA_DIR} cannot be read back.`);
}

async function choose(values: SettingValues, isPortFree: (port: number) => Promise<boolean>): Promise<Choices> {
  const taken = new Set<number>([values.WEB_PORT]);
  const isUsable = async (port: number): Promise<boolean> => {
    const inStoreRange = port >= values.PORT_RANGE_START && port <= values.PORT_RANGE_END;
    return !taken.has(port) && !inStoreRange && (await isPortFree(port));
  };
  const [httpPort, httpsPort] = await chooseEdgePorts(values, isUsable);
  taken.add(httpPort).add(httpsPort);
  const mysqlPort = values.DB_PORT ?? (await nextUsable(MYSQL_PORT, isUsable));
  taken.add(mysqlPort);
  const redisPort = values.REDIS_PORT ?? (await nextUsable(REDIS_PORT, isUsable));
  return { instanceId: makeInstanceId(), httpPort, httpsPort, mysqlPort, redisPort };
}

async function chooseEdgePorts(
  values: SettingValues,
  isUsable: (port: number) => Promise<boolean>,
): Promise<readonly [number, number]> {
  const { HTTP_PORT: http, HTTPS_PORT: https } = values;
  for (const [plain, secure] of PORT_PAIRS) {
    const pair = [http ?? plain, https ?? secure] as const;
    const isFree = (http !== undefined || (await isUsable(plain))) && (https !== undefined || (await isUsable(secure)));
    if (isFree) return pair;
  }
  const plain = http ?? (await nextUsable(NEXT_PAIR, isUsable));
  return [plain, https ?? (await nextUsable(plain + 1, isUsable))];
}

async function nextUsable(first: number, isUsable: (port: number) => Promise<boolean>): Promise<number> {
  for (let port = first; port < LAST_PORT; port++) if (await isUsable(port)) return port;
  throw new AppError('ports_exhausted', `No free port from ${first} up.`, {
    hint: 'Set HTTP_PORT, HTTPS_PORT, DB_PORT and REDIS_PORT yourself.',
  });
}

const choicesPath = (dataDir: string): string => join(dataDir, 'choices.json');
const secretPath = (dataDir: string, name: SecretName): string => join(dataDir, 'secrets', name);

function readChoices(dataDir: string): Choices | undefined {
  const content = readIfThere(choicesPath(dataDir));
  if (content === undefined) return undefined;
  try {
    return CHOICES.parse(JSON.parse(content));
  } catch (error) {
    throw new AppError('configuration_invalid', `${choicesPath(dataDir)} is damaged.`, {
      cause: error,
      hint: 'Restore it from a backup: it names the instance that the containers are labelled with.',
    });
  }
}

function readSecret(dataDir: string, name: SecretName): string | undefined {
  return readIfThere(secretPath(dataDir, name))?.trim() || undefined;
}

/** Nothing when it is not there; a missing right is told, because 'run up first' would mislead. */
function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT') return undefined;
    if (code === 'EACCES') {
      throw new AppError('permission_denied', `${path} is readable by root only.`, {
        cause: error,
        hint: 'Run the command with sudo.',
      });
    }
    throw error;
  }
}

/** Writes unless it is there. Linking (not renaming) makes the first writer win and never shows half a file. */
function keepFirst(path: string, content: string, mode: number): void {
  if (readIfThere(path)) return;
  const beside = `${path}.${randomBytes(6).toString('hex')}`;
  writeFileSync(beside, content, { mode, flag: 'wx', flush: true });
  try {
    linkSync(beside, path);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  } finally {
    rmSync(beside, { force: true });
  }
}

/** 48 letters and digits: enough for a key, and nothing that SQL, Redis or a config file would have to quote. */
function makeSecret(): string {
  const alphabet = 'ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789';
  return Array.from({ length: 48 }, () => alphabet[randomInt(alphabet.length)]).join('');
}

function makeInstanceId(): string {
  const alphabet = 'abcdefghijklmnopqrstuvwxyz234567';
  return Array.from({ length: 8 }, () => alphabet[randomInt(alphabet.length)]).join('');
}
