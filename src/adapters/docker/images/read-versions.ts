import type Docker from 'dockerode';
import { AppError } from '../../../domain/errors.ts';
import { SECOND } from '../../../lib/time.ts';
import { engineCall } from '../docker-client.ts';

const READ_TIMEOUT_MS = 30 * SECOND;
const MEGABYTE = 1024 * 1024;
const NOBODY = '65534:65534';
const PROGRAM = '/usr/local/bin/image-versions';
const MAX_OUTPUT = 16 * 1024;
const LINE = /^([a-z][a-z0-9-]{0,31})=([\w.+~:-]{1,63})$/;
export const READER_LABEL = 'shophosting.image.reader';

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
  const container = await engineCall(what, () =>
    docker.createContainer({
      Image: image,
      User: NOBODY,
      Entrypoint: [PROGRAM],
      Cmd: [],
      Tty: true, // one stream without frames
      Healthcheck: { Test: ['NONE'] },
      Labels: { [READER_LABEL]: '1' },
      HostConfig: {
        NetworkMode: 'none',
        ReadonlyRootfs: true,
        CapDrop: ['ALL'],
        SecurityOpt: ['no-new-privileges'],
        PidsLimit: 64,
        Memory: 256 * MEGABYTE,
        Tmpfs: { '/tmp': 'size=8m' },
      },
      abortSignal: signal,
    }),
  );
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
  } finally {
    await container.remove({ force: true }).catch(() => undefined);
  }
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

/** Containers that a killed process left while it was reading. */
export async function removeReaders(docker: Docker, olderThanMs: number): Promise<void> {
  const filters = { label: [READER_LABEL] };
  const left = await engineCall('Listing containers', () => docker.listContainers({ all: true, filters }));
  for (const { Id, Created } of left) {
    if (Date.now() - Created * SECOND < olderThanMs) continue;
    await docker
      .getContainer(Id)
      .remove({ force: true })
      .catch(() => undefined);
  }
}
