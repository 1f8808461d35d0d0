import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { engineCall } from '../../src/adapters/docker/docker-client.ts';
import { containerOf } from '../../src/domain/names.ts';
import type { Store } from '../../src/domain/store.ts';
import type { TestPlatform } from '../../test/e2e/platform.ts';
import { type Beside, startBeside } from './start-beside.ts';

const HTTP = '8080/tcp';
const DROP_IN = '/var/www/html/wp-content/object-cache.php';

export interface OtherWeb extends Beside {
  readonly port: number;
}

/**
 * A store's web container once more, the same in everything but one file: where WordPress looks for an object cache, it
 * finds an empty one, and forgets between two pages what it read. `folder` keeps that file for as long as it runs.
 */
export async function startWebWithoutObjectCache(
  { adapters: { docker }, config }: TestPlatform,
  store: Store,
  folder: string,
): Promise<OtherWeb> {
  const ours = await engineCall('our web container', () => docker.getContainer(containerOf(store, 'web')).inspect());
  const nothing = join(folder, 'object-cache.php');
  await writeFile(nothing, '<?php\n');
  const port = config.ports.max - 1;
  const beside = await startBeside(docker, store, {
    Image: ours.Image,
    User: ours.Config.User,
    Env: ours.Config.Env,
    ExposedPorts: { [HTTP]: {} },
    Healthcheck: { Test: ['NONE'] },
    HostConfig: {
      ...ours.HostConfig,
      RestartPolicy: { Name: 'no' },
      Binds: [...(ours.HostConfig.Binds ?? []), `${nothing}:${DROP_IN}:ro`],
      PortBindings: { [HTTP]: [{ HostIp: '127.0.0.1', HostPort: String(port) }] },
    },
  });
  return { ...beside, port };
}
