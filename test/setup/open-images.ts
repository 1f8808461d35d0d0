import { createArtifactStore } from '../../src/adapters/artifacts/artifact-store.ts';
import { createDockerClient } from '../../src/adapters/docker/docker-client.ts';
import { createImageStore } from '../../src/adapters/docker/images/image-store.ts';
import { createApt } from '../../src/adapters/host/apt.ts';
import { withLock } from '../../src/adapters/host/exclusive-lock.ts';
import { packageRoot } from '../../src/lib/package-root.ts';
import { programsOf } from '../../src/stacks/programs-of.ts';
import { ARTIFACTS_DIR, DATA_DIR, DOCKER_SOCKET } from './places.ts';

/**
 * Archives and images as the tests keep them on this machine, or in places of one test's own; `onProgress` is told what
 * is made. Opens nothing yet.
 */
export function openImages(
  onProgress: (line: string) => void = () => undefined,
  { dataDir = DATA_DIR, root = packageRoot() }: { readonly dataDir?: string; readonly root?: string } = {},
) {
  const docker = createDockerClient(DOCKER_SOCKET);
  const apt = createApt({ onProgress });
  const shared = { dataDir, artifactsDir: ARTIFACTS_DIR, apt, onProgress };
  const artifacts = createArtifactStore(shared);
  const images = createImageStore({
    ...shared,
    docker,
    artifacts,
    withLock,
    imageRefs: {},
    environment: 'test',
    // As a platform with the settings that nobody has changed: what is made here need not be made there again.
    buildArgs: { magento: { LOCALES: 'en_US' } },
    programsOf,
    packageRoot: root,
  });
  return { docker, artifacts, images };
}
