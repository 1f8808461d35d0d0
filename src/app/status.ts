import { z } from 'zod';
import { createEngineInstall } from '../adapters/docker/engine-install.ts';
import type { PlatformService } from '../adapters/docker/platform-service-specs.ts';
import { createHost } from '../adapters/host/host.ts';
import { createSystemd } from '../adapters/host/systemd/systemd.ts';
import { askWeb } from '../adapters/http/ask-web.ts';
import type { StatusView } from '../cli/actions.ts';
import { SECOND } from '../lib/time.ts';
import { lookAtEdge, lookAtEngine, lookAtMysql, lookAtRedis, lookAtWeb, lookAtWorkers } from '../operating/look-at.ts';
import type { Control } from '../operating/platform.ts';
import { createStatus } from '../operating/status.ts';
import type { Adapters } from './adapters.ts';
import { platformFacts, servicesOf } from './platform.ts';
import { readMigrations } from './schema.ts';

const silent = (): void => undefined;
const CONTROL_WITHIN_MS = 2 * SECOND;

/** `status` on the real machine, whoever keeps the platform: an `up`, or units. */
export async function readStatus(adapters: Adapters, control: Control): Promise<StatusView> {
  const { config, database, repositories } = adapters;
  const { http } = config;
  const { version, publicUrl, caFile } = await platformFacts(config, adapters);
  const services = servicesOf(adapters, silent);
  const pidOf = (service: PlatformService) => services.state(service).then((state) => state?.pid);
  const engine = createEngineInstall({
    socketPath: config.dockerSocket,
    dataDir: config.dataDir,
    host: createHost({ onProgress: silent }),
    onProgress: silent,
  });
  return createStatus({
    facts: { version, publicUrl, caFile, edge: { http: http.port, https: http.httpsPort } },
    looks: {
      mysql: lookAtMysql({
        ping: database.ping,
        pendingMigrations: async () => (await readMigrations(config)).pending,
        isStrange: async () => (await adapters.knownDatabase.look()).kind === 'strange',
        pidOf: () => pidOf('mysql'),
        address: `${config.mysql.host}:${config.mysql.port}`,
      }),
      redis: lookAtRedis({
        ping: adapters.doorbell.ping,
        pidOf: () => pidOf('redis'),
        address: `${config.redis.host}:${config.redis.port}`,
      }),
      docker: lookAtEngine(engine.look),
      edge: lookAtEdge(adapters.edge.isRunning, `ports ${http.port} and ${http.httpsPort}`),
      web: lookAtWeb({
        ask: (path, signal) => askWeb(config.webPort, path, signal),
        pidOf: () => webPidOf(config.dataDir, control),
        address: `127.0.0.1:${config.webPort}`,
      }),
      worker: lookAtWorkers(repositories.workers.list),
    },
    countStores: repositories.stores.countByStatus,
  })();
}

/** Whoever keeps the web process knows its pid. */
async function webPidOf(dataDir: string, control: Control): Promise<number | undefined> {
  const systemd = createSystemd();
  if (await systemd.keeps(dataDir)) return systemd.mainPid('shophosting-web.service');
  const signal = AbortSignal.timeout(CONTROL_WITHIN_MS);
  const reply = await control.call({ command: 'pids', service: 'web' }, { signal, onProgress: silent });
  return z.array(z.int()).optional().parse(reply?.answer)?.[0];
}
