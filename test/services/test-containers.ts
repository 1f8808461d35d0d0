import type Docker from 'dockerode';

const TEST_LABEL = 'shophosting.test';
const OWNER_LABEL = 'shophosting.test.owner';

/** Marks a container as one of this test process. */
export const testLabels = (): Record<string, string> => ({ [TEST_LABEL]: '1', [OWNER_LABEL]: String(process.pid) });

/** The newest of ours on this machine: what `images prepare` has made. */
export async function newestImage(docker: Docker, repository: string): Promise<string> {
  const images = await docker.listImages({ filters: { reference: [repository] } });
  const newest = images.toSorted((a, b) => b.Created - a.Created)[0];
  if (newest !== undefined) return newest.Id;
  throw new Error(`There is no image ${repository} on this machine. Make it: bin/shopctl images prepare`);
}

/** Removes containers whose test process is gone. */
export async function removeLeftovers(docker: Docker): Promise<void> {
  const containers = await docker.listContainers({ all: true, filters: { label: [OWNER_LABEL] } });
  for (const { Id, Labels } of containers) {
    if (isAlive(Number(Labels[OWNER_LABEL]))) continue;
    await docker
      .getContainer(Id)
      .remove({ force: true, v: true })
      .catch(() => undefined);
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
