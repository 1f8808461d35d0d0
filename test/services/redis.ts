import Docker from 'dockerode';
import { Redis } from 'ioredis';
import type { RedisConnection } from '../../src/adapters/redis/connection.ts';
import { probeUntil } from '../../src/lib/deadline.ts';
import { SECOND } from '../../src/lib/time.ts';
import { newestImage, removeLeftovers, testLabels } from './test-containers.ts';

const REPOSITORY = 'shophosting/redis';
const START_TIMEOUT_MS = 60 * SECOND;
const UID = 199_999;
const MEMORY_BYTES = 128 * 1024 * 1024;

export interface RedisServer {
  readonly connection: RedisConnection;
  /** Keeps its connections and answers nothing, until `thaw`. */
  freeze(): Promise<void>;
  thaw(): Promise<void>;
  /** Ends it; nothing of it is left. */
  stop(): Promise<void>;
}

/** Redis from our own image as a container, on a loopback port. Throws when there is no engine or no image. */
export async function startRedis(): Promise<RedisServer> {
  const docker = new Docker({ socketPath: '/var/run/docker.sock' });
  await removeLeftovers(docker);
  const container = await docker.createContainer({
    Image: await newestImage(docker, REPOSITORY),
    User: `${UID}:${UID}`,
    Labels: testLabels(),
    ExposedPorts: { '6379/tcp': {} },
    HostConfig: {
      AutoRemove: true,
      CapDrop: ['ALL'],
      SecurityOpt: ['no-new-privileges'],
      ReadonlyRootfs: true,
      Memory: MEMORY_BYTES,
      PortBindings: { '6379/tcp': [{ HostIp: '127.0.0.1', HostPort: '' }] },
      Tmpfs: { '/data': `uid=${UID},gid=${UID},mode=0700,size=16m`, '/tmp': 'mode=1777,size=16m' },
    },
  });
  await container.start();
  const { NetworkSettings } = await container.inspect();
  const connection = { host: '127.0.0.1', port: Number(NetworkSettings.Ports['6379/tcp']?.[0]?.HostPort) };
  await untilItAnswers(connection);
  return {
    connection,
    freeze: () => container.pause(),
    thaw: () => container.unpause(),
    stop: async () => {
      await container.remove({ force: true, v: true }).catch(() => undefined);
    },
  };
}

async function untilItAnswers({ host, port }: RedisConnection): Promise<void> {
  const client = new Redis(port, host, { maxRetriesPerRequest: null, retryStrategy: () => 50 });
  let seen = 'nothing';
  client.on('error', (error) => (seen = error.message));
  try {
    const ask = () => client.ping().catch(() => undefined);
    await probeUntil(ask, { signal: AbortSignal.timeout(START_TIMEOUT_MS), firstDelayMs: 50, maxDelayMs: 200 });
  } catch (error) {
    throw new Error(`The Redis that was started at ${port} does not answer; last seen: ${seen}.`, { cause: error });
  } finally {
    client.disconnect();
  }
}
