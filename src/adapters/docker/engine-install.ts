import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type Docker from 'dockerode';
import { AppError } from '../../domain/errors.ts';
import { probeUntil } from '../../lib/deadline.ts';
import { SECOND } from '../../lib/time.ts';
import type { Host } from '../host/host.ts';
import { PROGRAMS } from '../process/programs.ts';
import { runCommand } from '../process/run-command.ts';
import { startDetached } from '../process/start-program.ts';
import { createDockerClient } from './docker-client.ts';

const ANSWER_TIMEOUT_MS = 5 * SECOND;
const START_TIMEOUT_MS = 90 * SECOND;
const VENDOR_TIMEOUT_MS = 3 * SECOND;
const STANDARD_SOCKET = '/var/run/docker.sock';
const VENDOR = 'https://download.docker.com/linux';
const VENDOR_PACKAGES = ['docker-ce', 'docker-ce-cli', 'containerd.io'];
/** `docker.io` only recommends iptables, and the engine does not start without it. */
const DEBIAN_PACKAGES = ['docker.io', 'iptables'];

export interface EngineFacts {
  readonly version: string;
  readonly apiVersion: string;
}

export interface EngineInstall {
  /** What the engine says of itself, or nothing when it does not answer. Changes nothing. */
  look(signal?: AbortSignal): Promise<EngineFacts | undefined>;
  /**
   * An engine that answers is used as it is. One that is installed is started. Where there is none it is installed
   * first. After a failure whatever was installed stays, and the next call goes on from there.
   */
  ensure(signal: AbortSignal): Promise<EngineFacts>;
}

export function createEngineInstall(parts: {
  readonly socketPath: string;
  readonly dataDir: string;
  readonly host: Host;
  readonly onProgress: (line: string) => void;
}): EngineInstall {
  const { socketPath, host, onProgress } = parts;
  const docker = createDockerClient(socketPath);

  async function ensure(signal: AbortSignal): Promise<EngineFacts> {
    const running = await look(docker, signal);
    if (running !== undefined) return running;
    if (socketPath !== STANDARD_SOCKET) {
      throw new AppError(
        'docker_unavailable',
        `No engine answers at ${socketPath}, and only the one at ${STANDARD_SOCKET} is ours to start.`,
        {
          hint: 'Start it, or leave DOCKER_HOST out.',
          retryable: true,
        },
      );
    }
    host.ensureRoot();
    if (!isInstalled()) await install(host, onProgress, signal);
    await start(parts, signal);
    const facts = await probeUntil(() => look(docker, signal), {
      signal: AbortSignal.any([signal, AbortSignal.timeout(START_TIMEOUT_MS)]),
      firstDelayMs: 50,
      maxDelayMs: SECOND,
    }).catch((error: unknown) => {
      signal.throwIfAborted();
      throw new AppError(
        'docker_unavailable',
        `The Docker engine was started but does not answer after ${START_TIMEOUT_MS / SECOND} s.`,
        {
          cause: error,
          retryable: true,
          hint: `See why: ${host.isSystemd() ? 'journalctl --unit docker' : `tail ${logFileOf(parts.dataDir)}`}`,
        },
      );
    });
    onProgress(`The Docker engine ${facts.version} runs`);
    return facts;
  }

  return { look: (signal) => look(docker, signal), ensure };
}

const logFileOf = (dataDir: string): string => join(dataDir, 'logs', 'dockerd.log');
const isInstalled = (): boolean => PROGRAMS.dockerd.paths.some((path) => existsSync(path));

async function look(docker: Docker, signal?: AbortSignal): Promise<EngineFacts | undefined> {
  const timeout = AbortSignal.timeout(ANSWER_TIMEOUT_MS);
  const ended = new Promise<undefined>((resolve) => {
    for (const each of signal === undefined ? [timeout] : [timeout, signal]) {
      each.addEventListener('abort', () => resolve(undefined), { once: true });
    }
  });
  const version = await Promise.race([docker.version().catch(() => undefined), ended]);
  signal?.throwIfAborted();
  return version === undefined ? undefined : { version: version.Version, apiVersion: version.ApiVersion };
}

async function start(
  { dataDir, host, onProgress }: Parameters<typeof createEngineInstall>[0],
  signal: AbortSignal,
): Promise<void> {
  if (host.isSystemd()) {
    onProgress('Starting the Docker engine (systemctl enable --now docker)');
    await runCommand('systemctl', ['enable', '--now', 'docker'], { signal, timeoutMs: START_TIMEOUT_MS });
    return;
  }
  onProgress(`Starting the Docker engine (dockerd, log: ${logFileOf(dataDir)})`);
  await mkdir(join(dataDir, 'logs'), { recursive: true });
  // In a session of its own: Ctrl-C spares it, and stores go on serving after us.
  await startDetached('dockerd', [], { logFile: logFileOf(dataDir), environment: 'minimal' });
}

/**
 * Docker's own packages when their archive answers, else Debian's. The vendor's are fetched with an apt that stands
 * apart and installed as files, so no source is added to this machine.
 */
async function install(host: Host, onProgress: (line: string) => void, signal: AbortSignal): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'shophosting-engine-'));
  try {
    const source = await vendorSource(folder, signal);
    if (source === undefined) {
      onProgress("Installing the Docker engine from Debian's packages");
      await host.apt.install(DEBIAN_PACKAGES, signal);
      return;
    }
    onProgress("Installing the Docker engine from Docker's packages");
    const files = await host.apt.download(source, VENDOR_PACKAGES, join(folder, 'packages'), signal);
    await host.apt.install([...files, 'iptables'], signal);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function vendorSource(folder: string, signal: AbortSignal) {
  const release = await readFile('/etc/os-release', 'utf8').catch(() => '');
  const fact = (name: string): string => new RegExp(`^${name}="?([a-z0-9.]+)"?$`, 'm').exec(release)?.[1] ?? '';
  const archive = `${VENDOR}/${fact('ID')}`;
  const suite = fact('VERSION_CODENAME');
  const get = (path: string): Promise<Response | undefined> =>
    fetch(`${archive}/${path}`, { signal: AbortSignal.any([signal, AbortSignal.timeout(VENDOR_TIMEOUT_MS)]) }).catch(
      () => undefined,
    );
  const [key, index] = await Promise.all([get('gpg'), get(`dists/${suite}/InRelease`)]);
  signal.throwIfAborted();
  if (key?.ok !== true || index?.ok !== true) return undefined;
  await index.body?.cancel();
  const signedBy = join(folder, 'docker.asc');
  await writeFile(signedBy, await key.text());
  return { uri: archive, suite, component: 'stable', signedBy };
}
