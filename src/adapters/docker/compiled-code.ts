import { chown, mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type Docker from 'dockerode';
import {
  type CompiledCode,
  type CompiledParts,
  compiledKeyOf,
  compiledNameOf,
  NOTHING_COMPILED,
  readCompiledName,
} from '../../domain/compiled-code.ts';
import { AppError } from '../../domain/errors.ts';
import { MINUTE } from '../../lib/time.ts';
import { fileWork } from '../filesystem/file-error.ts';
import { ignoring } from '../filesystem/ignoring.ts';
import { withWorkFolder } from '../filesystem/work-folder.ts';
import { runCommand } from '../process/run-command.ts';
import { type ReaderRoom, withReader } from './images/reader-container.ts';

/** Of an image that knows how. */
const PROGRAM = '/usr/local/bin/compile-code';
const COMPILE_TIMEOUT_MS = 5 * MINUTE;
const FILE_TIMEOUT_MS = MINUTE;
/** So long what came to nothing is not tried again: the engine or the disk may have been at fault, not the parts. */
const REST_AFTER_FAILURE_MS = 10 * MINUTE;
const NOBODY = 65_534;
const MEBIBYTE = 1024 * 1024;
const LINE = /^(pages|programs)=([0-9a-f]{32}) /;
const ignoreMissing = ignoring('ENOENT');

/**
 * PHP's code as it was compiled once for all stores of the same parts, below `DATA_DIR/compiled`: thousands of files that
 * each new container would else compile anew. Stores mount it read-only; only root may write it. An image that has no
 * program for it, as one of others, has none.
 */
export function createCompiledCode(deps: {
  readonly docker: Docker;
  readonly dataDir: string;
  readonly onProgress: (line: string) => void;
  /** In ms, from wherever it begins. */
  readonly now: () => number;
}) {
  const { docker, now } = deps;
  const root = join(deps.dataDir, 'compiled');
  /** Two askers in one process share the work; what came to nothing rests. */
  const asked = new Map<string, { readonly work: Promise<CompiledCode | undefined>; restsUntil: number }>();

  async function find(parts: CompiledParts): Promise<CompiledCode | undefined> {
    const names = (await readdir(root).catch(ignoreMissing)) ?? [];
    const name = names.find((entry) => entry.startsWith(`${compiledKeyOf(parts)}-`));
    return name === undefined ? undefined : readCompiledName(name);
  }

  const make = (parts: CompiledParts, what: string, signal: AbortSignal): Promise<CompiledCode | undefined> =>
    fileWork(`Compiling ${what}`, () =>
      withWorkFolder(root, async (work) => {
        deps.onProgress(`Compiling ${what}`);
        const made = join(work, 'made');
        await mkdir(made);
        await chown(made, NOBODY, NOBODY);
        const ids = await compile(docker, parts, made, signal);
        const code = ids && readCompiledName(compiledNameOf(compiledKeyOf(parts), ids));
        if (code === undefined) return undefined;
        await giveToRoot(made, signal);
        await rename(made, join(root, code.name)).catch(ignoring('ENOTEMPTY', 'EEXIST'));
        return code;
      }),
    );

  return {
    /** What stands in for code that was never compiled: a store's mounts need something. */
    async layOut(): Promise<void> {
      const { name, pages, programs } = NOTHING_COMPILED;
      for (const id of [pages, programs]) await mkdir(join(root, name, id), { recursive: true, mode: 0o755 });
    },

    /** What there is of these parts; asks nobody but the disk. */
    find,

    /**
     * What there is, else made now: takes some ten seconds. `undefined` where the image compiles none. Throws
     * `image_refused` when it fails, and then nothing is left; for ten minutes this process does not try these parts again,
     * and answers the same.
     */
    async ensure(parts: CompiledParts, what: string, signal: AbortSignal): Promise<CompiledCode | undefined> {
      const found = await find(parts);
      if (found !== undefined) return found;
      const key = compiledKeyOf(parts);
      const before = asked.get(key);
      if (before !== undefined && now() < before.restsUntil) return before.work;
      const attempt = { work: make(parts, what, signal), restsUntil: Infinity };
      asked.set(key, attempt);
      const rest = (): void => void (attempt.restsUntil = now() + REST_AFTER_FAILURE_MS);
      return attempt.work.then(
        (code) => {
          if (code === undefined) rest();
          // It is on the disk, as long as anybody uses it.
          else asked.delete(key);
          return code;
        },
        (error: unknown) => {
          if (signal.aborted) asked.delete(key);
          else rest();
          throw error;
        },
      );
    },

    /** The names of all there is. */
    async list(): Promise<string[]> {
      const names = (await readdir(root).catch(ignoreMissing)) ?? [];
      return names.filter((name) => readCompiledName(name) !== undefined);
    },

    /** Nobody may mount it any more. */
    remove: (name: string): Promise<void> =>
      fileWork(`Removing ${name}`, async () => {
        if (readCompiledName(name) === undefined)
          throw new AppError('internal_error', `${name} names no compiled code.`);
        await rm(join(root, name), { recursive: true, force: true });
      }),
  };
}

type Ids = Pick<CompiledCode, 'pages' | 'programs'>;

/** Nobody, without network, capabilities or a place to write to but the one folder; gone afterwards. `undefined` where the image has no program for it. */
async function compile(
  docker: Docker,
  { image, mounts }: CompiledParts,
  made: string,
  signal: AbortSignal,
): Promise<Ids | undefined> {
  const room: ReaderRoom = {
    memoryBytes: 2048 * MEBIBYTE,
    temporaryBytes: 64 * MEBIBYTE,
    mounts: [
      { source: made, target: '/made', isWritable: true },
      ...mounts.map((mount) => ({ ...mount, isWritable: false })),
    ],
  };
  return withReader(docker, { image, program: PROGRAM, what: 'Compiling', room }, signal, async (container) => {
    const deadline = AbortSignal.any([signal, AbortSignal.timeout(COMPILE_TIMEOUT_MS)]);
    const isStarted = await container.start().then(
      () => true,
      () => false,
    );
    if (!isStarted) return undefined;
    const { StatusCode: status } = (await container.wait({ abortSignal: deadline })) as { StatusCode: number };
    const output = (await container.logs({ stdout: true, stderr: true, tail: 100 })).toString('utf8');
    const ids = idsIn(output);
    if (status === 0 && ids !== undefined) return ids;
    throw new AppError('image_refused', `${PROGRAM} ended with ${status}.`, { logTail: output });
  });
}

function idsIn(output: string): Ids | undefined {
  const ids: Partial<Record<string, string>> = {};
  for (const line of output.split(/\r?\n/)) {
    const [, name, id] = LINE.exec(line) ?? [];
    if (name !== undefined) ids[name] = id;
  }
  const { pages, programs } = ids;
  return pages === undefined || programs === undefined ? undefined : { pages, programs };
}

/** Root's from now on; whoever runs may read it as it is. It must be on the disk before it gets its name. */
async function giveToRoot(folder: string, signal: AbortSignal): Promise<void> {
  const options = { signal, timeoutMs: FILE_TIMEOUT_MS };
  await runCommand('chown', ['--recursive', '--no-dereference', '--', '0:0', folder], options);
  await runCommand('sync', ['--file-system', folder], options);
}
