import type Docker from 'dockerode';
import { HOUR, SECOND } from '../../../lib/time.ts';
import { engineCall } from '../docker-client.ts';

const MEGABYTE = 1024 * 1024;
const NOBODY = '65534:65534';
/** On containers that only look into something, so that a killed process leaves none for good. */
export const READER_LABEL = 'shophosting.image.reader';
const FORGOTTEN_MS = HOUR;

/** What one needs that does more than look. */
export interface ReaderRoom {
  readonly memoryBytes: number;
  readonly temporaryBytes: number;
  readonly mounts: readonly { readonly source: string; readonly target: string; readonly isWritable: boolean }[];
}

const LITTLE: ReaderRoom = { memoryBytes: 256 * MEGABYTE, temporaryBytes: 8 * MEGABYTE, mounts: [] };

/**
 * Hands over a container of an image, not started: nobody, without network, capabilities or a writable place but those of
 * `room`. Started, it runs `program`. It is gone afterwards. `what` says for errors what it is for.
 */
export async function withReader<T>(
  docker: Docker,
  wish: { readonly image: string; readonly program: string; readonly what: string; readonly room?: ReaderRoom },
  signal: AbortSignal,
  use: (container: Docker.Container) => Promise<T>,
): Promise<T> {
  const { memoryBytes, temporaryBytes, mounts } = wish.room ?? LITTLE;
  const container = await engineCall(wish.what, () =>
    docker.createContainer({
      Image: wish.image,
      User: NOBODY,
      Entrypoint: [wish.program],
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
        Memory: memoryBytes,
        Tmpfs: { '/tmp': `size=${temporaryBytes}` },
        Mounts: mounts.map(({ source, target, isWritable }) => ({
          Type: 'bind',
          Source: source,
          Target: target,
          ReadOnly: !isWritable,
        })),
      },
      abortSignal: signal,
    }),
  );
  try {
    return await use(container);
  } finally {
    await container.remove({ force: true }).catch(() => undefined);
  }
}

/** Containers that a killed process left while it was reading. */
export async function removeReaders(docker: Docker): Promise<void> {
  const filters = { label: [READER_LABEL] };
  const left = await engineCall('Listing containers', () => docker.listContainers({ all: true, filters }));
  for (const { Id, Created } of left) {
    if (Date.now() - Created * SECOND < FORGOTTEN_MS) continue;
    await docker
      .getContainer(Id)
      .remove({ force: true })
      .catch(() => undefined);
  }
}
