import { existsSync } from 'node:fs';
import { createEngineInstall } from '../../src/adapters/docker/engine-install.ts';
import { ensureTools } from '../../src/adapters/docker/engine-tools.ts';
import { createHost } from '../../src/adapters/host/host.ts';
import { toAppError } from '../../src/domain/errors.ts';
import type { ImageName } from '../../src/stacks/stack.ts';
import { searchStandInImage } from '../services/search-stand-in.ts';
import { openImages } from './open-images.ts';
import { ARTIFACTS_DIR, DATA_DIR, DOCKER_SOCKET } from './places.ts';

/** What tests need beyond what the platform itself installs: a file that shows it is there → the Debian package. */
const PACKAGES: Readonly<Record<string, string>> = {
  '/usr/bin/chromium': 'chromium',
  '/usr/bin/ip': 'iproute2',
  '/usr/sbin/nginx': 'nginx-light',
  '/usr/bin/mmdebstrap': 'mmdebstrap',
  '/usr/sbin/mariadbd': 'mariadb-server-core',
  '/usr/bin/openssl': 'openssl',
  '/usr/bin/strace': 'strace',
  '/usr/bin/certbot': 'certbot',
  '/usr/bin/pebble': 'pebble',
};

/**
 * Makes this machine able to run the integration and end-to-end tests: packages, engine, Compose, images. Everything
 * that is there already is left as it is, so the second time takes a moment.
 */
async function prepareMachine(): Promise<void> {
  const startedAt = performance.now();
  const say = (line: string): void =>
    console.log(`[${((performance.now() - startedAt) / 1000).toFixed(0).padStart(4)} s] ${line}`);
  const { signal } = new AbortController();
  const host = createHost({ onProgress: say });
  host.ensureRoot();
  const missing = Object.entries(PACKAGES).filter(([file]) => !existsSync(file));
  await host.apt.install(
    missing.map(([, name]) => name),
    signal,
  );
  const engine = createEngineInstall({ socketPath: DOCKER_SOCKET, dataDir: DATA_DIR, host, onProgress: say });
  await engine.ensure(signal);
  await ensureTools({ dataDir: DATA_DIR, host, onProgress: say }, signal);
  const { docker, artifacts, images } = openImages(say);
  const names: ImageName[] = ['mysql', 'redis', 'wordpress'];
  if ((await artifacts.find('magento')) !== undefined) names.push('magento', 'mariadb');
  const engineArchive = (await artifacts.find('opensearch')) ?? (await artifacts.find('elasticsearch'));
  if (engineArchive !== undefined) names.push('search');
  for (const { name, reference, source } of await images.prepare(names, signal)) {
    say(`${name}: ${reference} (${source})`);
  }
  if (engineArchive === undefined) say(`search stand-in: ${await searchStandInImage(docker, signal)}`);
  say(`Ready. Kept for the next time: ${DATA_DIR}, ${ARTIFACTS_DIR}`);
}

try {
  await prepareMachine();
} catch (thrown) {
  const error = toAppError(thrown);
  console.error(`This machine cannot be prepared: ${error.message}`);
  if (error.hint !== undefined) console.error(`  ${error.hint}`);
  if (error.logTail !== undefined) console.error(error.logTail);
  process.exitCode = 1;
}
