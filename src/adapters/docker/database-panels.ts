import { chmod, chown, mkdir, readdir, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import type Docker from 'dockerode';
import { AppError } from '../../domain/errors.ts';
import { containerOf, DATABASE_NAME, projectOf } from '../../domain/names.ts';
import type { Store } from '../../domain/store.ts';
import { networkPlanOf } from '../../domain/subnets.ts';
import { probeUntil } from '../../lib/deadline.ts';
import { SECOND } from '../../lib/time.ts';
import { databaseSocketOf, holdSocket } from '../filesystem/database-sockets.ts';
import { writeFileAtomically } from '../filesystem/write-file-atomically.ts';
import { engineCall, ifThere, statusOf } from './docker-client.ts';

export interface DatabasePanelsDeps {
  readonly docker: Docker;
  readonly instanceId: string;
  /** `DATA_DIR/run/databases`. */
  readonly folder: string;
  readonly imageId: (signal: AbortSignal) => Promise<string>;
  /** The group of the web process, which alone goes through the doors. */
  readonly webGid: () => Promise<number>;
}

const SERVICE = 'phpmyadmin';
const MEGABYTE = 1024 ** 2;
const REMOVED_WITHIN_MS = 10 * SECOND;
const READY_WITHIN_MS = 6 * SECOND;

/**
 * phpMyAdmin for one store at a time, in a container of its own: as the store's user, without capabilities, on a
 * read-only root, in the store's back network alone. It listens on a socket, and on no port. The folder of that socket is
 * the store's, so the web process never looks there: it goes through a second name of the same socket, in a folder of
 * root's that it alone may enter.
 */
export function createDatabasePanels({ docker, instanceId, folder, imageId, webGid }: DatabasePanelsDeps) {
  async function remove(storeId: string): Promise<void> {
    const container = docker.getContainer(containerOf({ id: storeId }, SERVICE));
    await ifThere('remove panel', () =>
      container.remove({ force: true }).catch(async (thrown: unknown) => {
        // The engine removes by itself what has stopped, and was faster; when it is done the name is free.
        if (statusOf(thrown) !== 409) throw thrown;
        await container.wait({ condition: 'removed', abortSignal: AbortSignal.timeout(REMOVED_WITHIN_MS) });
      }),
    );
    await rm(join(folder, storeId), { recursive: true, force: true });
  }

  /** Folders before the container: the engine would make them as root's. */
  async function layOut({ id, uid }: Store, password: string): Promise<{ door: string; secrets: string }> {
    const gid = await webGid();
    const root = join(folder, id);
    const [door, secrets] = [join(root, 'door'), join(root, 'secrets')];
    for (const [path, owner, group, mode] of [
      [folder, 0, gid, 0o750],
      [root, 0, gid, 0o750],
      [door, uid, uid, 0o700],
      [secrets, uid, uid, 0o500],
    ] as const) {
      await mkdir(path, { recursive: true, mode });
      await chown(path, owner, group);
      await chmod(path, mode);
    }
    await writeFileAtomically(join(secrets, 'db-password'), password, { mode: 0o400, uid });
    return { door, secrets };
  }

  return {
    /** Runs and answers when this resolves; an earlier one of the store is gone. Throws `image_missing`, `container_unhealthy`. */
    async start(
      store: Store,
      guest: { username: string; password: string; tokenHash: string },
      signal: AbortSignal,
    ): Promise<void> {
      const image = await imageId(signal);
      await remove(store.id);
      const { door, secrets } = await layOut(store, guest.password);
      const network = `${projectOf(store)}_back`;
      const plan = networkPlanOf(store.network.subnet);
      const container = await engineCall('create panel', () =>
        docker.createContainer({
          name: containerOf(store, SERVICE),
          Image: image,
          User: `${store.uid}:${store.uid}`,
          Env: [`DB_HOST=${plan.backIps.db}`, `DB_USER=${guest.username}`, `DB_NAME=${DATABASE_NAME}`],
          Labels: {
            'shophosting.instance': instanceId,
            'shophosting.store': store.id,
            'shophosting.service': SERVICE,
          },
          NetworkingConfig: {
            EndpointsConfig: { [network]: { IPAMConfig: { IPv4Address: plan.backGuestIp } } },
          },
          HostConfig: {
            AutoRemove: true,
            Binds: [`${door}:/run/panel`, `${secrets}:/run/secrets/shop:ro`],
            CapDrop: ['ALL'],
            Init: true,
            LogConfig: { Type: 'json-file', Config: { 'max-size': '1m', 'max-file': '1' } },
            Memory: 192 * MEGABYTE,
            MemorySwap: 192 * MEGABYTE,
            NanoCpus: 5e8,
            NetworkMode: network,
            PidsLimit: 64,
            ReadonlyRootfs: true,
            SecurityOpt: ['no-new-privileges'],
            Tmpfs: { '/tmp': 'rw,nosuid,nodev,noexec,size=96m,mode=1777' },
          },
          abortSignal: signal,
        }),
      );
      await engineCall('start panel', () => container.start());
      const way = { from: join(door, 'http.sock'), to: databaseSocketOf(folder, store.id, guest.tokenHash) };
      await probeUntil(async () => ((await holdSocket(way)) && (await listens(way.to)) ? true : undefined), {
        signal: AbortSignal.any([signal, AbortSignal.timeout(READY_WITHIN_MS)]),
        firstDelayMs: 20,
        maxDelayMs: 200,
      }).catch((cause: unknown) => {
        throw new AppError('container_unhealthy', `phpMyAdmin of ${store.id} did not begin to answer.`, {
          cause,
          retryable: true,
        });
      });
    },

    remove,

    /** Stores that have a container of this kind, or a folder. */
    async storeIds(): Promise<Set<string>> {
      const filters = JSON.stringify({
        label: [`shophosting.instance=${instanceId}`, `shophosting.service=${SERVICE}`],
      });
      const containers = await engineCall('list panels', () => docker.listContainers({ all: true, filters }));
      const folders = await readdir(folder).catch(() => []);
      return new Set([...containers.map(({ Labels }) => Labels['shophosting.store'] ?? ''), ...folders]);
    },
  };
}

function listens(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
