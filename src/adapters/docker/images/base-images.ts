import { createReadStream } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type Docker from 'dockerode';
import { AppError } from '../../../domain/errors.ts';
import { mainArchiveOf, securityArchiveOf } from '../../../lib/debian-archive.ts';
import { MINUTE } from '../../../lib/time.ts';
import type { Apt } from '../../host/apt.ts';
import type { withLock } from '../../host/exclusive-lock.ts';
import { pathOfProgram, runCommand } from '../../process/run-command.ts';
import { engineCall, ifThere } from '../docker-client.ts';
import { followEngine } from './engine-progress.ts';
import { pullImage } from './pull-image.ts';
import { BASES, type BaseName } from './release-lines.ts';

export interface BaseImageDeps {
  readonly docker: Docker;
  /** Bootstrapped bases are kept in `bases/` below and used again, also by other instances. */
  readonly artifactsDir: string;
  readonly apt: Pick<Apt, 'ensurePrograms' | 'debianArchives'>;
  readonly withLock: typeof withLock;
  /** `http_proxy` and its like, for the bootstrap. */
  readonly environment: Readonly<Record<string, string>>;
  readonly onProgress: (line: string) => void;
}

export interface BaseImage {
  readonly reference: string;
  /** For people: `debian:trixie-slim` or `Debian trixie, bootstrapped 2026-11-23`. */
  readonly description: string;
}

const BOOTSTRAP_TIMEOUT_MS = 10 * MINUTE;
/**
 * With mounts and processes of its own: killed at its worst moment, the bootstrap would else leave `/proc` and `/sys`
 * mounted below its folder, and children that go on.
 */
const APART = ['--mount', '--propagation', 'private', '--pid', '--fork', '--kill-child=KILL', '--mount-proc', '--'];
/** The lines of the bootstrap that tell somebody waiting something. */
const NEWS = /^I: ((?:running|downloading|extracting|installing|success).*)/;
const WORK_PREFIX = 'shophosting-bootstrap-';
const MADE_LABEL = 'shophosting.base.bootstrapped';
/** What Debian's own slim images leave out too; nobody reads manuals in a container. */
const LEFT_OUT = ['/usr/share/man/*', '/usr/share/info/*', '/usr/share/locale/*', '/usr/share/doc/*'];
const KEPT = '/usr/share/doc/*/copyright';

/**
 * The base image, by the cheapest way there is: already here, imported from the cached tar file, pulled, bootstrapped
 * from Debian's archive. A kill at any moment leaves nothing that a second try would trip over.
 */
export async function ensureBase(deps: BaseImageDeps, name: BaseName, signal: AbortSignal): Promise<BaseImage> {
  const reference = `shophosting/base:${name}`;
  const present = await describe(deps.docker, reference, name);
  if (present !== undefined) return { reference, description: present };
  const onWait = (): void => deps.onProgress(`Base ${name}: another process makes it; waiting`);
  await deps.withLock(`base-${name}`, { signal, onWait }, async () => {
    if ((await describe(deps.docker, reference, name)) !== undefined) return;
    const file = join(deps.artifactsDir, 'bases', `${name}.tar`);
    if (!(await isFile(file))) {
      if (await pullBase(deps, name, reference, signal)) return;
      await bootstrap(deps, name, file, signal);
    }
    await importBase(deps, name, file, reference, signal);
  });
  return { reference, description: (await describe(deps.docker, reference, name)) ?? name };
}

async function describe(docker: Docker, reference: string, name: BaseName): Promise<string | undefined> {
  const facts = await ifThere(`Looking for ${reference}`, () => docker.getImage(reference).inspect());
  if (facts === undefined) return undefined;
  const made = facts.Config?.Labels?.[MADE_LABEL];
  if (made !== undefined) return `Debian ${name}, bootstrapped ${made.slice(0, 'YYYY-MM-DD'.length)}`;
  return facts.RepoDigests?.[0] === undefined ? `Debian ${name}, imported` : BASES[name].pull;
}

/** Whether a registry served it. That none does is no error: there is another way. */
async function pullBase(deps: BaseImageDeps, name: BaseName, reference: string, signal: AbortSignal): Promise<boolean> {
  const { pull } = BASES[name];
  deps.onProgress(`Base ${name}: pulling ${pull}`);
  try {
    await pullImage(deps.docker, pull, signal);
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof AppError) || error.code !== 'image_missing') throw error;
    deps.onProgress(`Base ${name}: no registry answers, so it is made from Debian's archive (about 20 s)`);
    return false;
  }
  const [repo = '', tag = ''] = reference.split(':');
  await engineCall(`Naming ${reference}`, () => deps.docker.getImage(pull).tag({ repo, tag }));
  return true;
}

async function bootstrap(deps: BaseImageDeps, name: BaseName, file: string, signal: AbortSignal): Promise<void> {
  await deps.apt.ensurePrograms(['mmdebstrap'], signal);
  await removeLeftovers(name);
  await mkdir(join(file, '..'), { recursive: true, mode: 0o755 });
  const work = await mkdtemp(join(tmpdir(), `${WORK_PREFIX}${name}-`));
  try {
    const partial = `${file}.part`;
    await rm(partial, { force: true });
    const args = bootstrapArguments(name, partial, await deps.apt.debianArchives(signal).catch(() => []));
    await runCommand('unshare', [...APART, pathOfProgram('mmdebstrap'), ...args], {
      signal,
      timeoutMs: BOOTSTRAP_TIMEOUT_MS,
      env: { ...deps.environment, TMPDIR: work },
      onLine: (line) => {
        const [, news] = NEWS.exec(line) ?? [];
        if (news !== undefined) deps.onProgress(`Base ${name}: ${news}`);
      },
    });
    await rename(partial, file);
  } catch (error) {
    signal.throwIfAborted();
    throw new AppError('image_missing', `The base ${name} could not be made from Debian's archive: ${saidBy(error)}`, {
      cause: error,
      retryable: true,
      hint: `Check that apt reaches its archive (apt-get update), or put a root tar file of Debian ${name} at ${file}.`,
      ...(error instanceof AppError && error.logTail !== undefined ? { logTail: error.logTail } : {}),
    });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** The archives are this machine's own where it has some that a container can reach too. */
export function bootstrapArguments(name: BaseName, file: string, archives: readonly string[]): string[] {
  const { suite, sources, aptOptions } = BASES[name];
  const own = archives.filter((uri) => /^https?:/.test(uri)).map((uri) => uri.replace(/\/+$/, ''));
  const archive = mainArchiveOf(own);
  const security = securityArchiveOf(own);
  return [
    '--variant=minbase',
    '--format=tar',
    ...(archive.startsWith('https:') ? ['--include=ca-certificates'] : []),
    ...LEFT_OUT.map((path) => `--dpkgopt=path-exclude=${path}`),
    `--dpkgopt=path-include=${KEPT}`,
    ...aptOptions.map((option) => `--aptopt=${option}`),
    suite,
    file,
    ...sources.map((line) => line.replace('{archive}', archive).replace('{security}', security)),
  ];
}

/** What a killed bootstrap left, unless something is still mounted there. */
async function removeLeftovers(name: BaseName): Promise<void> {
  const mounts = await readFile('/proc/self/mountinfo', 'utf8');
  for (const entry of await readdir(tmpdir())) {
    const path = join(tmpdir(), entry);
    if (!entry.startsWith(`${WORK_PREFIX}${name}-`) || mounts.includes(` ${path}/`)) continue;
    const { uid } = await stat(path);
    if (uid === process.getuid?.()) await rm(path, { recursive: true, force: true });
  }
}

async function importBase(
  { docker, onProgress }: BaseImageDeps,
  name: BaseName,
  file: string,
  reference: string,
  signal: AbortSignal,
): Promise<void> {
  onProgress(`Base ${name}: importing ${file}`);
  const { mtime } = await stat(file);
  const [repo, tag] = reference.split(':');
  const options = {
    repo,
    tag,
    changes: [`LABEL ${MADE_LABEL}=${mtime.toISOString()}`, 'CMD ["/bin/sh"]'],
    abortSignal: signal,
  };
  try {
    const stream = await engineCall(`Importing ${file}`, () => docker.importImage(createReadStream(file), options));
    await followEngine(docker, `Importing ${file}`, stream, { signal, onLine: () => undefined });
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof AppError && (error.code === 'docker_unavailable' || error.code === 'disk_full')) throw error;
    throw new AppError('image_refused', `${file} is no root file system that the engine can import: ${saidBy(error)}`, {
      cause: error,
      hint: 'Remove the file; it is made again.',
    });
  }
}

const isFile = (path: string): Promise<boolean> =>
  stat(path).then(
    (facts) => facts.isFile(),
    () => false,
  );

const saidBy = (error: unknown): string => (error instanceof Error ? error.message : String(error));
