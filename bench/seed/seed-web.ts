import { engineCall } from '../../src/adapters/docker/docker-client.ts';
import { readContext } from '../../src/adapters/docker/images/build-context.ts';
import { buildImage } from '../../src/adapters/docker/images/build-image.ts';
import { containerOf } from '../../src/domain/names.ts';
import type { Store } from '../../src/domain/store.ts';
import { packageRoot } from '../../src/lib/package-root.ts';
import { MINUTE } from '../../src/lib/time.ts';
import type { TestPlatform } from '../../test/e2e/platform.ts';
import { startBeside } from '../stores/start-beside.ts';

const HTTP = '80/tcp';

export interface SeedWeb {
  readonly port: number;
  close(): Promise<void>;
}

/**
 * The seed's web container beside a store's own: the same database, files, secrets and limits, so that both show the
 * same shop. Only what answers differs.
 */
export async function startSeedWeb({ adapters, config }: TestPlatform, store: Store): Promise<SeedWeb> {
  const { docker } = adapters;
  const ours = await engineCall('our web container', () => docker.getContainer(containerOf(store, 'web')).inspect());
  const image = await buildImage(
    docker,
    {
      name: "seed's web",
      files: await readContext(`${packageRoot()}/bench/seed/web`),
      extras: [],
      buildArgs: { BASE: ours.Image },
      labels: { 'shophosting.bench': '1' },
      tag: 'shophosting/bench-seed-web:latest',
      onStep: () => undefined,
    },
    AbortSignal.timeout(10 * MINUTE),
  );
  const { Memory, NanoCpus, CpuPeriod, CpuQuota, Binds, ExtraHosts } = ours.HostConfig;
  const port = config.ports.max - 1;
  const { close } = await startBeside(docker, store, {
    Image: image,
    Env: [...ours.Config.Env, `APACHE_RUN_USER=#${store.uid}`, `APACHE_RUN_GROUP=#${store.uid}`],
    ExposedPorts: { [HTTP]: {} },
    HostConfig: {
      ...{ Memory, NanoCpus, CpuPeriod, CpuQuota, Binds, ExtraHosts },
      PortBindings: { [HTTP]: [{ HostIp: '127.0.0.1', HostPort: String(port) }] },
    },
  });
  return { port, close };
}
