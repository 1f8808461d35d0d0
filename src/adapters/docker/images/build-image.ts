import { Readable } from 'node:stream';
import type Docker from 'dockerode';
import { AppError } from '../../../domain/errors.ts';
import { MINUTE } from '../../../lib/time.ts';
import { engineCall } from '../docker-client.ts';
import { type ContextExtra, type ContextFile, packContext } from './build-context.ts';
import { followEngine } from './engine-progress.ts';

export interface BuildInput {
  readonly name: string;
  readonly files: readonly ContextFile[];
  readonly extras: readonly ContextExtra[];
  readonly buildArgs: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
  /** Without one the image is only known by its id. */
  readonly tag?: string;
  readonly onStep: (step: string) => void;
}

const BUILD_TIMEOUT_MS = 20 * MINUTE;
const STEP = /^Step (\d+)\/(\d+) : (\w+)/;
const BUILT = /^Successfully built ([0-9a-f]+)/;

/**
 * Builds an image with the engine's own builder, which needs no tool beside it (so Dockerfiles here use neither
 * `--mount` nor heredocs). Finished steps are kept by the engine: an interrupted build goes on where it was. Returns
 * the id. Throws `command_failed` with the last lines; intermediate containers are removed then.
 */
export async function buildImage(docker: Docker, input: BuildInput, signal: AbortSignal): Promise<string> {
  const failure = new AbortController();
  const deadline = AbortSignal.any([signal, failure.signal, AbortSignal.timeout(BUILD_TIMEOUT_MS)]);
  const context = Readable.from(packContext(input.files, input.extras));
  context.on('error', (error) => failure.abort(error));
  const what = `Building the image ${input.name}`;
  let id: string | undefined;
  try {
    const stream = await engineCall(what, () =>
      docker.buildImage(context, {
        ...(input.tag === undefined ? {} : { t: input.tag }),
        buildargs: { ...input.buildArgs },
        labels: { ...input.labels },
        rm: true,
        forcerm: true,
        abortSignal: deadline,
      }),
    );
    await followEngine(docker, what, stream, {
      signal: deadline,
      onLine: ({ stream: line = '' }) => {
        const [, step, steps, instruction] = STEP.exec(line) ?? [];
        if (step !== undefined && instruction === 'RUN') input.onStep(`step ${step} of ${steps ?? '?'}`);
        id = BUILT.exec(line)?.[1] ?? id;
      },
    });
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof AppError) throw error;
    throw new AppError('command_failed', `${what}: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
      retryable: true,
    });
  } finally {
    context.destroy();
  }
  if (id === undefined)
    throw new AppError('command_failed', `${what}: the engine named no image.`, { retryable: true });
  return id;
}
