import type Docker from 'dockerode';
import { AppError } from '../../../domain/errors.ts';
import { SECOND } from '../../../lib/time.ts';
import { withReader } from './reader-container.ts';

const READ_TIMEOUT_MS = 30 * SECOND;
const PROGRAM = '/usr/local/bin/image-versions';
const MAX_OUTPUT = 16 * 1024;
const LINE = /^([a-z][a-z0-9-]{0,31})=([\w.+~:-]{1,63})$/;

/**
 * Asks an image what is in it: runs its `image-versions` as nobody, without network, capabilities or a writable place.
 * Returns nothing when the image has no such program. The container is gone afterwards.
 */
export async function readVersions(
  docker: Docker,
  image: string,
  signal: AbortSignal,
): Promise<Readonly<Record<string, string>>> {
  const what = `Reading the versions in ${image}`;
  return withReader(docker, { image, program: PROGRAM, what }, signal, async (container) => {
    try {
      const deadline = AbortSignal.any([signal, AbortSignal.timeout(READ_TIMEOUT_MS)]);
      const started = await container.start().then(
        () => true,
        () => false,
      );
      if (!started) return {};
      const { StatusCode: status } = (await container.wait({ abortSignal: deadline })) as { StatusCode: number };
      const output = (await container.logs({ stdout: true, stderr: true, tail: 100 })).toString('utf8');
      if (status !== 0)
        throw new AppError('image_refused', `${what}: ${PROGRAM} ended with ${status}.`, { logTail: output });
      return parseVersions(output);
    } catch (error) {
      signal.throwIfAborted();
      throw error instanceof AppError ? error : new AppError('image_refused', `${what}: no answer.`, { cause: error });
    }
  });
}

/** Lines `name=version`; whatever else an image may say is left out. */
export function parseVersions(output: string): Record<string, string> {
  const versions: Record<string, string> = {};
  for (const line of output.slice(0, MAX_OUTPUT).split(/\r?\n/)) {
    const [, name, version] = LINE.exec(line.trim()) ?? [];
    if (name !== undefined && version !== undefined) versions[name] = version;
  }
  return versions;
}
