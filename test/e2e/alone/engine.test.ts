import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createEngineInstall } from '../../../src/adapters/docker/engine-install.ts';
import { createHost } from '../../../src/adapters/host/host.ts';
import { MINUTE } from '../../../src/lib/time.ts';
import type { StoreView } from '../../../src/stores/present-store.ts';
import { startPlatform, type TestPlatform } from '../platform.ts';
import { until } from '../until.ts';
import { untilServed } from '../workers.ts';

// Alone, since the engine is everybody's: while it starts anew, no other test's containers run.
let platform: TestPlatform;
let store: StoreView;
beforeAll(async () => {
  platform = await startPlatform(11);
  store = await platform.createStore('steady');
});
afterAll(() => platform?.destroy());

test(
  'a restarted engine: every shop comes back by itself',
  async () => {
    const pid = Number((await readFile('/var/run/docker.pid', 'utf8')).trim());
    const host = createHost({ onProgress: () => undefined });
    const engine = createEngineInstall({
      socketPath: platform.config.dockerSocket,
      dataDir: platform.config.dataDir,
      host,
      onProgress: () => undefined,
    });

    process.kill(pid, 'SIGTERM');
    await until(async () => ((await engine.look()) === undefined ? true : undefined));
    await engine.ensure(AbortSignal.timeout(MINUTE));

    await untilServed(platform, store);
    await platform.untilReady();
    expect((await platform.visit(store.url)).status).toBe(200);
  },
  5 * MINUTE,
);
