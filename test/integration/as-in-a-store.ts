import { chmod, chown, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDockerClient } from '../../src/adapters/docker/docker-client.ts';
import { type ExecResult, execInContainer } from '../../src/adapters/docker/exec-in-container.ts';
import { probeUntil } from '../../src/lib/deadline.ts';
import { SECOND } from '../../src/lib/time.ts';
import { DOCKER_SOCKET } from '../setup/places.ts';

/** Images as stores run them: any user id, no capabilities, read-only root, one secrets folder. */
export const UID = 200_777;
export const MEGABYTE = 1024 * 1024;
const HEALTHY_WITHIN_MS = 60 * SECOND;
const TEST_LABEL = { 'shophosting.test': '1' };

const docker = createDockerClient(DOCKER_SOCKET);

export interface Places {
  readonly data: string;
  readonly secrets: string;
}

export interface StartOptions {
  readonly env?: readonly string[];
  readonly binds?: readonly string[];
  readonly tmpfs?: Record<string, string>;
  /** In bytes. */
  readonly memory?: number;
  readonly pids?: number;
  /** Another container's, `container:ID`, instead of none. */
  readonly network?: string;
}

export async function writeSecret(secretsFolder: string, name: string, text: string): Promise<void> {
  const file = join(secretsFolder, name);
  await rm(file, { force: true });
  await writeFile(file, text, { mode: 0o400 });
  await chown(file, UID, UID);
}

/** Runs argv in a container as the user it runs as. */
export const run = (id: string, argv: readonly string[], input?: string): Promise<ExecResult> =>
  execInContainer(docker, id, argv, {
    signal: new AbortController().signal,
    ...(input === undefined ? {} : { input }),
  });

export const isHealthy = async (id: string): Promise<boolean> =>
  (await run(id, ['/usr/local/bin/healthcheck'])).exitCode === 0;

/** Resolves with how long that took, in ms. */
export async function untilHealthy(id: string): Promise<number> {
  const startedAt = performance.now();
  await probeUntil(async () => ((await isHealthy(id)) ? true : undefined), {
    signal: AbortSignal.timeout(HEALTHY_WITHIN_MS),
    firstDelayMs: 20,
    maxDelayMs: 250,
  });
  return performance.now() - startedAt;
}

export const exitCodeOf = async (id: string): Promise<number> => {
  const { StatusCode } = (await docker.getContainer(id).wait()) as { StatusCode: number };
  return StatusCode;
};

export const logOf = async (id: string): Promise<string> =>
  (await docker.getContainer(id).logs({ stdout: true, stderr: true })).toString('utf8');

/** Below wp-content, of the shop's own user. */
const CONTENT = ['plugins', 'themes', 'uploads', 'languages', 'upgrade', 'upgrade-temp-backup', 'cache'];

/** Containers and folders of one test file; `removeContainers` after each test, `removeFolders` after all. */
export function createRoom() {
  const made: string[] = [];
  const folders: string[] = [];
  /** Folders as the worker makes them: data 0700, secrets 0500 with 0400 files, all of the store's own user. */
  async function places(secrets: Readonly<Record<string, string>>): Promise<Places> {
    const root = await mkdtemp(join(tmpdir(), 'as-in-a-store-'));
    folders.push(root);
    await chmod(root, 0o755);
    const data = join(root, 'data');
    await mkdir(data, { mode: 0o700 });
    await chown(data, UID, UID);
    const secretsFolder = join(root, 'secrets');
    await mkdir(secretsFolder);
    for (const [name, text] of Object.entries(secrets)) await writeSecret(secretsFolder, name, text);
    await chown(secretsFolder, UID, UID);
    await chmod(secretsFolder, 0o500);
    return { data, secrets: secretsFolder };
  }

  /** Starts a container, without a network where none is named; returns its id. */
  async function start(image: string, options: StartOptions): Promise<string> {
    const memory = options.memory ?? 384 * MEGABYTE;
    const container = await docker.createContainer({
      Image: image,
      User: `${UID}:${UID}`,
      Env: [...(options.env ?? [])],
      Labels: TEST_LABEL,
      HostConfig: {
        ReadonlyRootfs: true,
        CapDrop: ['ALL'],
        SecurityOpt: ['no-new-privileges'],
        PidsLimit: options.pids ?? 128,
        Memory: memory,
        MemorySwap: memory,
        NetworkMode: options.network ?? 'none',
        Binds: [...(options.binds ?? [])],
        Tmpfs: options.tmpfs ?? {},
      },
    });
    made.push(container.id);
    await container.start();
    return container.id;
  }

  /** A WordPress that is not installed, with its database; resolves with its container's id when it is healthy. */
  async function startSite(
    images: { readonly database: string; readonly web: string },
    { binds = [], tmpfs = {} }: Pick<StartOptions, 'binds' | 'tmpfs'>,
  ): Promise<string> {
    const at = await places({
      'db-password': 'databasepassword',
      'db-root-password': 'rootpassword',
      'wp-salts.json': '{}',
    });
    const secrets = `${at.secrets}:/run/secrets/shop:ro`;
    const mine = (...paths: readonly string[]) =>
      Object.fromEntries([['/tmp', 'mode=1777'], ...paths.map((path) => [path, `uid=${UID},gid=${UID}`])]);
    const database = await start(images.database, {
      env: ['DB_NAME=shop', 'DB_USER=shop'],
      binds: [secrets, `${at.data}:/var/lib/mysql`],
      tmpfs: mine('/run/mysqld'),
    });
    const content = CONTENT.map((name) => `/var/www/html/wp-content/${name}`);
    const own = content.filter((path) => !binds.some((bind) => bind.endsWith(`:${path}`)));
    const web = await start(images.web, {
      network: `container:${database}`,
      env: ['SHOP_PLATFORM=wordpress', 'DB_HOST=127.0.0.1', 'DB_NAME=shop', 'DB_USER=shop', 'CACHE_HOST=127.0.0.1'],
      binds: [secrets, ...binds],
      tmpfs: { ...mine('/run/shop', '/var/tmp', '/var/spool/shop-mail', ...own), ...tmpfs },
      memory: 460 * MEGABYTE,
    });
    await untilHealthy(web);
    return web;
  }

  return {
    places,
    start,
    startSite,

    async removeContainers(): Promise<void> {
      await Promise.all(made.splice(0).map((id) => docker.getContainer(id).remove({ force: true, v: true })));
    },

    async removeFolders(): Promise<void> {
      for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
    },
  };
}
