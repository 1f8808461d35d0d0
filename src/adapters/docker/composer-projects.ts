import { chown, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Duplex, PassThrough } from 'node:stream';
import type Docker from 'dockerode';
import { AppError } from '../../domain/errors.ts';
import { MINUTE, SECOND } from '../../lib/time.ts';
import type { ComposerWish } from '../artifacts/sources/composer-project.ts';
import { engineCall, ifThere } from './docker-client.ts';
import { type BaseImageDeps, ensureBase } from './images/base-images.ts';
import { contextKey, readContext } from './images/build-context.ts';
import { buildImage } from './images/build-image.ts';
import { READER_LABEL, removeReaders } from './images/reader-container.ts';
import type { BaseName } from './images/release-lines.ts';

export interface ComposerProjectsDeps extends Omit<BaseImageDeps, 'onProgress'> {
  /** Where `images/` is. */
  readonly packageRoot: string;
}

/** Its PHP is one that every Magento in the catalogue accepts. */
const BASE: BaseName = 'bookworm';
const NOBODY = 65_534;
/** A project of Magento is 600 packages; a slow line takes a while for them. */
const TIMEOUT_MS = 30 * MINUTE;
const GIBIBYTE = 1024 ** 3;
const TAIL_LINES = 40;

/**
 * Runs `composer create-project` in a container that is thrown away: as nobody, without capabilities, on a read-only
 * root, with one folder to write to. Keys go in by standard input. Returns the project's folder below `work`.
 */
export function createComposerProjects(deps: ComposerProjectsDeps) {
  const { docker } = deps;

  async function imageOf(signal: AbortSignal, onProgress: (line: string) => void): Promise<string> {
    const files = await readContext(join(deps.packageRoot, 'images', 'composer'));
    const tag = `shophosting/composer:${contextKey({ name: 'composer', base: BASE, extras: [] }, files)}`;
    if ((await ifThere(`Looking for ${tag}`, () => docker.getImage(tag).inspect())) !== undefined) return tag;
    const base = await ensureBase({ ...deps, onProgress }, BASE, signal);
    onProgress('Building the image that runs composer');
    const buildArgs = { ...deps.environment, BASE: base.reference };
    const onStep = (): void => undefined;
    await buildImage(docker, { name: 'composer', files, extras: [], buildArgs, labels: {}, tag, onStep }, signal);
    return tag;
  }

  return async (wish: ComposerWish, work: string, signal: AbortSignal, onProgress: (line: string) => void) => {
    await removeReaders(docker);
    const image = await imageOf(signal, onProgress);
    const folder = join(work, 'composer');
    await mkdir(folder, { mode: 0o755 });
    await chown(folder, NOBODY, NOBODY);
    const container = await engineCall('Preparing composer', () =>
      docker.createContainer({
        Image: image,
        User: `${NOBODY}:${NOBODY}`,
        OpenStdin: true,
        StdinOnce: true,
        Labels: { [READER_LABEL]: '1' },
        Env: Object.entries(deps.environment).map((pair) => pair.join('=')),
        HostConfig: {
          ReadonlyRootfs: true,
          CapDrop: ['ALL'],
          SecurityOpt: ['no-new-privileges'],
          PidsLimit: 256,
          Memory: 3 * GIBIBYTE,
          Tmpfs: { '/tmp': 'mode=1777,size=2g' },
          Mounts: [{ Type: 'bind', Source: folder, Target: '/made' }],
        },
        abortSignal: signal,
      }),
    );
    try {
      const { status, tail } = await follow(container, wish, signal, onProgress);
      if (status === 0) return join(folder, 'project');
      throw failureOf(wish, tail);
    } finally {
      await container.remove({ force: true }).catch(() => undefined);
    }
  };
}

async function follow(
  container: Docker.Container,
  wish: ComposerWish,
  signal: AbortSignal,
  onProgress: (line: string) => void,
): Promise<{ status: number; tail: readonly string[] }> {
  const deadline = AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]);
  const stream = await engineCall('Attaching to composer', () =>
    container.attach({ stream: true, hijack: true, stdin: true, stdout: true, stderr: true }),
  );
  const stop = (): void => void (stream as Duplex).destroy(deadline.reason as Error);
  deadline.addEventListener('abort', stop, { once: true });
  try {
    const merged = new PassThrough();
    container.modem.demuxStream(stream, merged, merged);
    stream.once('end', () => merged.end());
    stream.once('error', (error: Error) => merged.destroy(error));
    await engineCall('Starting composer', () => container.start());
    stream.end(JSON.stringify(wish));
    const tail = await tailOf(merged, wish, onProgress);
    const { StatusCode: status } = (await container.wait({ abortSignal: deadline })) as { StatusCode: number };
    return { status, tail };
  } finally {
    deadline.removeEventListener('abort', stop);
  }
}

/** What it says as it goes: packages as a count every few seconds, since there are hundreds. */
async function tailOf(
  said: PassThrough,
  { package: name, keys }: ComposerWish,
  onProgress: (line: string) => void,
): Promise<readonly string[]> {
  const startedAt = Date.now();
  let told = startedAt;
  let packages = 0;
  let tail: string[] = [];
  let partial = '';
  for await (const chunk of said) {
    const lines = (partial + String(chunk)).split('\n');
    partial = lines.pop() ?? '';
    packages += lines.filter((line) => line.includes('Extracting archive')).length;
    tail = [...tail, ...lines.map((line) => withoutKeys(line.trim(), keys))].filter(Boolean).slice(-TAIL_LINES);
    if (Date.now() - told < 5 * SECOND) continue;
    told = Date.now();
    onProgress(`composer: ${name}, ${packages} packages [${Math.round((told - startedAt) / SECOND)} s]`);
  }
  return partial === '' ? tail : [...tail, withoutKeys(partial.trim(), keys)];
}

function withoutKeys(line: string, keys: ComposerWish['keys']): string {
  if (keys === undefined) return line;
  return line.replaceAll(keys.password, '…').replaceAll(keys.username, '…');
}

function failureOf({ package: name, repository, keys }: ComposerWish, tail: readonly string[]): AppError {
  const { host } = new URL(repository);
  const isRefused = tail.some((line) => /HTTP\/\S+ 40[13]|\b40[13]\b|Invalid credentials/i.test(line));
  const said = tail.find((line) => /curl error|could not be|Could not (?:resolve|find)|failed|error/i.test(line));
  const why =
    isRefused && keys !== undefined ? 'it refuses the keys' : (said ?? tail.at(-1) ?? 'it ended without a word');
  return new AppError('artifact_missing', `${host} (composer create-project ${name}): ${why}`, {
    retryable: true,
    logTail: tail.join('\n'),
    ...(isRefused ? { hint: 'Check MAGENTO_REPO_PUBLIC_KEY and MAGENTO_REPO_PRIVATE_KEY.' } : {}),
  });
}
