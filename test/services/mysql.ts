import { chown, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Docker from 'dockerode';
import { waitForDatabase } from '../../src/adapters/mysql/wait-for-database.ts';
import { SECOND } from '../../src/lib/time.ts';
import type { DatabaseServer } from './database-server.ts';
import { newestImage, removeLeftovers, testLabels } from './test-containers.ts';

const REPOSITORY = 'shophosting/mysql';
const START_TIMEOUT_MS = 90 * SECOND;
const PASSWORD = 'only-for-this-test';
const UID = 199_999;
const MEMORY_BYTES = 768 * 1024 * 1024;

/**
 * MySQL from our own image as a container with its data in memory, on a loopback port. Throws when there is no engine or
 * no image. Containers whose test process is gone are removed by the next one that starts.
 */
export async function startMysql(): Promise<DatabaseServer> {
  const docker = new Docker({ socketPath: '/var/run/docker.sock' });
  await removeLeftovers(docker);
  const image = await newestImage(docker, REPOSITORY);
  const secrets = await writeSecrets();
  const container = await docker.createContainer({
    Image: image,
    User: `${UID}:${UID}`,
    Labels: testLabels(),
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
