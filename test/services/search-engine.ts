import { chown, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type Docker from 'dockerode';
import { probeUntil } from '../../src/lib/deadline.ts';
import { MINUTE, SECOND } from '../../src/lib/time.ts';
import { startSearchStandIn } from '../search-stand-in/start-search-stand-in.ts';
import { removeLeftovers, testLabels } from './test-containers.ts';

const START_TIMEOUT_MS = 3 * MINUTE;
/** A connection made while the engine starts may never be answered. */
const ASK_TIMEOUT_MS = 5 * SECOND;
const UID = 199_998;
const PORT = '9200/tcp';
const MEGABYTE = 1024 * 1024;

/** A search engine that a test asks things over HTTP. */
export interface SearchEngine {
  /** Where it answers; another one after a restart. */
  url(): string;
  /** Ends it as an engine is ended, and starts it on the same data. Resolves when it answers again. */
  restart(): Promise<void>;
  /** Kills it without a word, and starts it on the same data. Only of an engine in a container. */
  kill?(): Promise<void>;
  /** The exit code of its health check. Only of an engine in a container. */
  checkHealth?(): Promise<number>;
  /** Stops its main process where it stands, or lets it go on. Only of an engine in a container. */
  signal?(name: 'SIGSTOP' | 'SIGCONT'): Promise<void>;
  /** Ends it; nothing of it is left. */
  stop(): Promise<void>;
}

/** The stand-in, in this process. Its data are in a folder of its own until it is stopped. */
export async function startStandInEngine(): Promise<SearchEngine> {
  const folder = await mkdtemp(join(tmpdir(), 'search-stand-in-'));
  const start = () => startSearchStandIn({ file: join(folder, 'stand-in.json') });
  let running = await start();
  return {
    url: () => running.url,
    restart: async () => {
      await running.stop();
      running = await start();
    },
    stop: async () => {
      await running.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** An image for `search` as stores run it: any user id, no capabilities, read-only root, a memory limit. */
export async function startContainerEngine(docker: Docker, image: string, memoryMb = 512): Promise<SearchEngine> {
  await removeLeftovers(docker);
  const folder = await mkdtemp(join(tmpdir(), 'search-engine-'));
  await chown(folder, UID, UID);
  const container = await docker.createContainer({
    Image: image,
    User: `${UID}:${UID}`,
    Labels: testLabels(),
    ExposedPorts: { [PORT]: {} },
    HostConfig: {
      CapDrop: ['ALL'],
      SecurityOpt: ['no-new-privileges'],
      ReadonlyRootfs: true,
      Memory: memoryMb * MEGABYTE,
      MemorySwap: memoryMb * MEGABYTE,
      PidsLimit: 512,
      PortBindings: { [PORT]: [{ HostIp: '127.0.0.1', HostPort: '' }] },
      Binds: [`${folder}:/var/lib/search`],
      Tmpfs: {
        '/tmp': `uid=${UID},gid=${UID},mode=0700,size=64m`,
        '/run/search': `uid=${UID},gid=${UID},mode=0700,size=8m`,
      },
    },
  });
  let url = '';
  const start = async (): Promise<void> => {
    await container.start();
    const { NetworkSettings } = await container.inspect();
    url = `http://127.0.0.1:${NetworkSettings.Ports[PORT]?.[0]?.HostPort ?? ''}`;
    await untilItAnswers(url, container);
  };
  const stop = async (): Promise<void> => {
    await container.remove({ force: true, v: true });
    await rm(folder, { recursive: true, force: true });
  };
  await start().catch(async (error: unknown) => {
    await stop();
    throw error;
  });
  return {
    url: () => url,
    checkHealth: () => exitCodeOf(docker, container, ['/usr/local/bin/healthcheck']),
    signal: async (name) => void process.kill((await container.inspect()).State.Pid, name),
    restart: async () => {
      await container.stop({ t: 60 });
      await start();
    },
    kill: async () => {
      await container.kill({ signal: 'SIGKILL' });
      await container.wait();
      await start();
    },
    stop,
  };
}

/** Until no shard is missing. Throws with the last lines when the container ends instead. */
async function untilItAnswers(url: string, container: Docker.Container): Promise<void> {
  const ask = async (): Promise<true | undefined> => {
    const signal = AbortSignal.timeout(ASK_TIMEOUT_MS);
    const answer = await fetch(`${url}/_cluster/health?wait_for_status=yellow&timeout=2s`, { signal }).catch(
      () => undefined,
    );
    if (answer?.ok === true) return true;
    if ((await container.inspect()).State.Running) return undefined;
    const log = await container.logs({ stdout: true, stderr: true, tail: 20 });
    throw new Error(`The search engine ended: ${log.toString('utf8')}`);
  };
  await probeUntil(ask, { signal: AbortSignal.timeout(START_TIMEOUT_MS), firstDelayMs: 100, maxDelayMs: 500 });
}

async function exitCodeOf(docker: Docker, container: Docker.Container, command: string[]): Promise<number> {
  const exec = await container.exec({ Cmd: command, AttachStdout: true, AttachStderr: true });
  const stream = await exec.start({});
  await new Promise<void>((resolve) => {
    stream.on('end', resolve).resume();
  });
  return (await docker.getExec(exec.id).inspect()).ExitCode ?? -1;
}
