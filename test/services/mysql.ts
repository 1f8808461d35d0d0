import { chown, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Docker from 'dockerode';
import { waitForDatabase } from '../../src/adapters/mysql/wait-for-database.ts';
import { SECOND } from '../../src/lib/time.ts';
import type { DatabaseServer } from './database-server.ts';

const REPOSITORY = 'shophosting/mysql';
const START_TIMEOUT_MS = 90 * SECOND;
const PASSWORD = 'only-for-this-test';
const UID = 199_999;
const MEMORY_BYTES = 768 * 1024 * 1024;
const TEST_LABEL = 'shophosting.test';
const OWNER_LABEL = 'shophosting.test.owner';

/**
 * MySQL from our own image as a container with its data in memory, on a loopback port. Throws when there is no engine or
 * no image. Containers whose test process is gone are removed by the next one that starts.
 */
export async function startMysql(): Promise<DatabaseServer> {
  const docker = new Docker({ socketPath: '/var/run/docker.sock' });
  await removeLeftovers(docker);
  const image = await newestImage(docker);
  const secrets = await writeSecrets();
  const container = await docker.createContainer({
    Image: image,
    User: `${UID}:${UID}`,
    Labels: { [TEST_LABEL]: '1', [OWNER_LABEL]: String(process.pid) },
    ExposedPorts: { '3306/tcp': {} },
    HostConfig: {
      AutoRemove: true,
      CapDrop: ['ALL'],
      SecurityOpt: ['no-new-privileges'],
      ReadonlyRootfs: true,
      Memory: MEMORY_BYTES,
      PortBindings: { '3306/tcp': [{ HostIp: '127.0.0.1', HostPort: '' }] },
      Binds: [`${secrets}:/run/secrets/shop:ro`],
      Tmpfs: {
        '/var/lib/mysql': `uid=${UID},gid=${UID},mode=0700,size=512m`,
        '/run/mysqld': `uid=${UID},gid=${UID},mode=0700,size=8m`,
        '/tmp': 'mode=1777,size=64m',
      },
    },
  });
  await container.start();
  const stop = async (): Promise<void> => {
    // Nothing of it is kept, so it need not end in order. AutoRemove may be quicker than we are.
    await container.remove({ force: true, v: true }).catch(() => undefined);
    await rm(secrets, { recursive: true, force: true });
  };
  try {
    const { NetworkSettings } = await container.inspect();
    const port = Number(NetworkSettings.Ports['3306/tcp']?.[0]?.HostPort);
    const admin = { host: '127.0.0.1', port, user: 'admin', password: PASSWORD };
    await waitForDatabase(admin, AbortSignal.timeout(START_TIMEOUT_MS));
    return { admin, stop };
  } catch (thrown) {
    const log = await container.logs({ stdout: true, stderr: true, tail: 20 }).catch(() => Buffer.from(''));
    await stop();
    throw new Error(`MySQL did not start from ${image}:\n${log.toString('utf8')}`, { cause: thrown });
  }
}

/** The newest of ours on this machine: what `images prepare` has made. */
async function newestImage(docker: Docker): Promise<string> {
  const images = await docker.listImages({ filters: { reference: [REPOSITORY] } });
  const newest = images.toSorted((a, b) => b.Created - a.Created)[0];
  if (newest !== undefined) return newest.Id;
  throw new Error(`There is no image ${REPOSITORY} on this machine. Make it: bin/shopctl images prepare`);
}

async function writeSecrets(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'shophosting-mysql-'));
  const files = {
    'db-root-password': PASSWORD,
    'init.sql': `CREATE USER IF NOT EXISTS 'admin'@'%' IDENTIFIED BY '${PASSWORD}';\nGRANT ALL PRIVILEGES ON *.* TO 'admin'@'%' WITH GRANT OPTION;\n`,
  };
  for (const [name, text] of Object.entries(files)) {
    await writeFile(join(folder, name), text, { mode: 0o400 });
    await chown(join(folder, name), UID, UID);
  }
  await chown(folder, UID, UID);
  return folder;
}

async function removeLeftovers(docker: Docker): Promise<void> {
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
