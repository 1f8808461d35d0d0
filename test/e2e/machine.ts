import { existsSync, readFileSync } from 'node:fs';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type Docker from 'dockerode';
import { createArtifactStore } from '../../src/adapters/artifacts/artifact-store.ts';
import { createDockerClient } from '../../src/adapters/docker/docker-client.ts';
import { execInContainer } from '../../src/adapters/docker/exec-in-container.ts';
import { ensureBase } from '../../src/adapters/docker/images/base-images.ts';
import { contextKey, readContext } from '../../src/adapters/docker/images/build-context.ts';
import { buildImage } from '../../src/adapters/docker/images/build-image.ts';
import { createImageStore } from '../../src/adapters/docker/images/image-store.ts';
import { createApt } from '../../src/adapters/host/apt.ts';
import { withLock } from '../../src/adapters/host/exclusive-lock.ts';
import { probeUntil } from '../../src/lib/deadline.ts';
import { packageRoot } from '../../src/lib/package-root.ts';
import { MINUTE, SECOND } from '../../src/lib/time.ts';
import { programsOf } from '../../src/stacks/programs-of.ts';
import { ARTIFACTS_DIR, DATA_DIR, DOCKER_SOCKET } from '../setup/places.ts';

const BOOT_WITHIN_MS = MINUTE;
const STOP_WITHIN_S = 60;
const COMMAND_WITHIN_MS = 5 * MINUTE;
const CHECKOUT = '/opt/shophosting';
const STORE_IMAGES = ['mysql', 'redis', 'wordpress'] as const;
/** capabilities(7): bit 24. Some machines that are containers themselves may not have it, and so cannot hand it on. */
const CAP_SYS_RESOURCE = 24n;

export interface MachineResult {
  readonly exitCode: number;
  readonly output: string;
}

/** A whole machine in a container: systemd is its first process, and it has an engine of its own. */
export interface Machine {
  /** As root on it. */
  run(...argv: string[]): Promise<MachineResult>;
  /** As `run`; a failure is the test's. Returns what was printed. */
  ok(...argv: string[]): Promise<string>;
  /** Ends everything in order, then boots; resolves when systemd has come up. */
  reboot(): Promise<void>;
  destroy(): Promise<void>;
}

/**
 * Boots a machine that has this checkout in `/opt/shophosting`, Node, an engine that is off, and the stores' images in it;
 * nothing is installed. Needs the rights that `docker run --privileged` needs.
 */
export async function bootMachine(): Promise<Machine> {
  const signal = new AbortController().signal;
  const docker = createDockerClient(DOCKER_SOCKET);
  const engineFolder = await mkdtemp(join(tmpdir(), 'shop-machine-'));
  await chmod(engineFolder, 0o755);
  const container = await docker.createContainer(await descriptionOf(docker, engineFolder, signal));
  const destroy = async (): Promise<void> => {
    await container.remove({ force: true, v: true });
    await rm(engineFolder, { recursive: true, force: true });
  };
  const run = (...argv: string[]): Promise<MachineResult> =>
    execInContainer(docker, container.id, argv, { signal: AbortSignal.timeout(COMMAND_WITHIN_MS) });
  const ok = async (...argv: string[]): Promise<string> => {
    const { exitCode, output } = await run(...argv);
    if (exitCode !== 0) throw new Error(`${argv.join(' ')} ended with ${exitCode}:\n${output}`);
    return output;
  };
  const untilBooted = (): Promise<true> =>
    probeUntil(
      async () => {
        const { output } = await run('systemctl', 'is-system-running').catch(() => ({ output: 'not yet' }));
        return /^(?:running|degraded)/.test(output) ? true : undefined;
      },
      { signal: AbortSignal.timeout(BOOT_WITHIN_MS), firstDelayMs: 200, maxDelayMs: SECOND },
    );
  try {
    await container.start();
    await untilBooted();
    await ok('mkdir', '-p', '/var/lib/shophosting');
    await ok('cp', '-r', '/mnt/tools', '/var/lib/shophosting/tools');
    await ok('systemctl', 'start', 'docker.service');
    await bringImages(docker, createDockerClient(join(engineFolder, 'docker.sock')));
  } catch (error) {
    await destroy();
    throw error;
  }
  return {
    run,
    ok,
    destroy,
    async reboot() {
      await container.stop({ t: STOP_WITHIN_S });
      await container.start();
      await untilBooted();
    },
  };
}

async function descriptionOf(docker: Docker, engineFolder: string, signal: AbortSignal) {
  const hasUnifiedCgroups = existsSync('/sys/fs/cgroup/cgroup.controllers');
  return {
    Image: await machineImage(docker, signal),
    Hostname: 'shopmachine',
    Labels: { 'shophosting.test': '1' },
    // systemd reads its own command line where others read the kernel's (systemd 256 wants both for the old cgroups).
    Cmd: [
      '/lib/systemd/systemd',
      ...(hasUnifiedCgroups ? [] : ['systemd.unified_cgroup_hierarchy=0', 'SYSTEMD_CGROUP_ENABLE_LEGACY_FORCE=1']),
    ],
    Volumes: { '/var/lib/docker': {} },
    HostConfig: {
      CapAdd: ['ALL'],
      CapDrop: mayHandOn(CAP_SYS_RESOURCE) ? [] : ['SYS_RESOURCE'],
      SecurityOpt: ['seccomp=unconfined', 'apparmor=unconfined'],
      MaskedPaths: [],
      ReadonlyPaths: [],
      DeviceCgroupRules: ['a *:* rwm'],
      ...(hasUnifiedCgroups ? { CgroupnsMode: 'private' as const } : { CgroupnsMode: 'host' as const }),
      Tmpfs: { '/run': 'mode=0755', '/run/lock': '', '/tmp': 'mode=1777' },
      Binds: [
        `${packageRoot()}:${CHECKOUT}:ro`,
        `${engineFolder}:/run/engine`,
        `${join(DATA_DIR, 'tools')}:/mnt/tools:ro`,
        `${ARTIFACTS_DIR}:/var/lib/shophosting/artifacts`,
        ...(hasUnifiedCgroups ? [] : ['/sys/fs/cgroup:/sys/fs/cgroup']),
      ],
    },
  };
}

/** Built once per content of its Dockerfile, from the base that our own images stand on. */
async function machineImage(docker: Docker, signal: AbortSignal): Promise<string> {
  const quiet = (): void => undefined;
  const apt = createApt({ onProgress: quiet });
  const deps = { docker, artifactsDir: ARTIFACTS_DIR, apt, withLock, environment: {}, onProgress: quiet };
  const { reference: base } = await ensureBase(deps, 'trixie', signal);
  const files = await readContext(join(packageRoot(), 'test', 'machine'));
  const tag = `shophosting/test-machine:${contextKey({ name: 'test-machine', base, extras: [] }, files)}`;
  const present = await docker
    .getImage(tag)
    .inspect()
    .catch(() => undefined);
  if (present !== undefined) return tag;
  const labels = { 'shophosting.test': '1' };
  const input = { name: 'test-machine', files, extras: [], buildArgs: { BASE: base }, labels, tag, onStep: quiet };
  await buildImage(docker, input, signal);
  return tag;
}

/** The very images of this machine: making them anew would take minutes. */
async function bringImages(from: Docker, to: Docker): Promise<void> {
  const quiet = (): void => undefined;
  const apt = createApt({ onProgress: quiet });
  const shared = { dataDir: DATA_DIR, artifactsDir: ARTIFACTS_DIR, apt, onProgress: quiet };
  const images = createImageStore({
    ...shared,
    docker: from,
    artifacts: createArtifactStore(shared),
    withLock,
    imageRefs: {},
    environment: 'test',
    programsOf,
    packageRoot: packageRoot(),
  });
  const prepared = await images.prepare([...STORE_IMAGES], new AbortController().signal);
  const archive = await saveImages(
    from,
    prepared.map(({ reference }) => reference),
  );
  const loading = await to.loadImage(archive);
  await new Promise<void>((resolve, reject) => {
    to.modem.followProgress(loading, (error) => (error ? reject(error) : resolve()));
  });
}

/** All in one archive, so that what they share is in it once (`GET /images/get`). */
function saveImages(docker: Docker, names: readonly string[]): Promise<NodeJS.ReadableStream> {
  const query = names.map((name) => `names=${encodeURIComponent(name)}`).join('&');
  return new Promise((resolve, reject) => {
    docker.modem.dial(
      // The client cuts the last character off a query without options.
      { path: `/images/get?${query}&`, method: 'GET', isStream: true, statusCodes: { 200: true } },
      (error, stream) =>
        error === null || error === undefined ? resolve(stream as NodeJS.ReadableStream) : reject(error),
    );
  });
}

function mayHandOn(capability: bigint): boolean {
  const bounding = /^CapBnd:\s*([0-9a-f]+)$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '0';
  return ((BigInt(`0x${bounding}`) >> capability) & 1n) === 1n;
}
