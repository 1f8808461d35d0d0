import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execInContainer } from '../../src/adapters/docker/exec-in-container.ts';
import { createComposeFiles } from '../../src/adapters/filesystem/compose-files.ts';
import { runCommand } from '../../src/adapters/process/run-command.ts';
import { SECRET_MAKERS } from '../../src/app/secret-makers.ts';
import { composeVariablesOf } from '../../src/app/store-facts.ts';
import { ADMIN_USERNAME, containerOf } from '../../src/domain/names.ts';
import { SECRET_NAMES, type SecretName } from '../../src/domain/secrets.ts';
import type { Store } from '../../src/domain/store.ts';
import { subnetAt } from '../../src/domain/subnets.ts';
import { pause } from '../../src/lib/deadline.ts';
import { packageRoot } from '../../src/lib/package-root.ts';
import { MINUTE, SECOND } from '../../src/lib/time.ts';
import { servicesOf, stackOf } from '../../src/stacks/index.ts';
import type { TestPlatform } from '../../test/e2e/platform.ts';
import type { SeedNginx } from './seed-nginx.ts';

/** The only thing that tells one of the baselines from another. */
export interface SeedTiming {
  /** Between two looks at the containers' health, and between two tries to install. */
  readonly pollMs: number;
  /** Of the compose file's healthchecks; the seed names none, so its own poll is taken, not Compose's default of 30 s. */
  readonly healthInterval: string;
  /** Compose waits for health by itself, the certificate is made meanwhile, and nginx is loaded once. */
  readonly isByHand?: true;
}

export const SEED = 'seed as written';

/** What ours is measured beside, by the names of their cases. */
export const BASELINES: Readonly<Record<string, SeedTiming>> = {
  [SEED]: { pollMs: 5 * SECOND, healthInterval: '5s' },
  'seed, sleeps cut to 0.2 s': { pollMs: 200, healthInterval: '200ms' },
  'docker compose up and wp-cli by hand': { pollMs: 200, healthInterval: '1s', isByHand: true },
};

const FIRST_SUBNET = 1500;
const WAIT_FOR_HEALTH_MS = 5 * MINUTE;
let made = 0;

/** A store of the seed's, with names and places beside those of the platform it is measured on. */
export function aSeedStore(platform: TestPlatform, like: Store): Store {
  made += 1;
  const index = FIRST_SUBNET + made;
  return {
    ...like,
    id: `sto_${`seed${process.pid}x${made}`.padEnd(26, 'x')}`,
    name: `seed-${made}`,
    domain: `seed-${made}.localhost`,
    // From the ends that stores of the platform do not reach.
    port: platform.config.ports.max - made,
    uid: platform.config.storeUids.end - made,
    network: { subnet: subnetAt(platform.config.storeSubnets, index) },
    status: 'pending',
  };
}

/**
 * The ten steps in the seed's order: directory, passwords, compose file, containers, nginx, certificate, then waiting
 * for health and installing, credentials, mail, status. Same images, same installer, same certificate authority as ours.
 * Resolves when the status would be `active`; `mark` is told the end of each step.
 */
export async function provisionAsSeed(
  platform: TestPlatform,
  nginx: SeedNginx,
  store: Store,
  timing: SeedTiming,
  mark: (step: string) => void,
): Promise<void> {
  const { adapters } = platform;
  const stack = stackOf(store.platform);
  const signal = AbortSignal.timeout(WAIT_FOR_HEALTH_MS);
  await adapters.directories.ensure(store, stack.dataFolders);
  mark('create directory');
  await adapters.secretFiles.write(store, SECRETS);
  mark('passwords');
  await seedFiles(platform).write(store);
  const root = join(platform.config.customersDir, 'stores', store.id);
  await writeFile(join(root, 'seed.yml'), overrides(store, timing));
  mark('render compose');
  const certificate = join(platform.config.dataDir, 'certificates', 'hosts', store.domain);
  if (timing.isByHand === true) {
    await Promise.all([
      compose(platform, store, ['up', '--detach', '--wait'], signal),
      adapters.certificates.ensure(store.domain, signal),
    ]);
    mark('start containers');
    await nginx.publish(store, certificate);
    mark('nginx');
  } else {
    await compose(platform, store, ['up', '--detach'], signal);
    mark('start containers');
    await nginx.publish(store, undefined);
    mark('nginx');
    await adapters.certificates.ensure(store.domain, signal);
    await nginx.publish(store, certificate);
    mark('certificate');
  }
  while (!(await allHealthy(platform, store))) await pause(timing.pollMs, signal);
  mark('wait for health');
  const url = `https://${store.domain}:${nginx.httpsPort}/`;
  while (!(await install(platform, store, url, signal))) await pause(timing.pollMs, signal);
  mark('install');
  // Credentials, mail and status are rows in MySQL for both: nothing to tell them apart.
}

/** Takes away what the pipeline made. Not measured. */
export async function removeSeedStore(platform: TestPlatform, nginx: SeedNginx, store: Store): Promise<void> {
  await compose(platform, store, ['down', '--volumes', '--timeout', '0'], AbortSignal.timeout(MINUTE));
  await nginx.withdraw(store);
  await platform.adapters.certificates.remove(store.domain);
  await platform.adapters.directories.remove(store);
}

/** Under an instance of its own: what belongs to no store of the platform's is removed by its worker as an orphan. */
const seedFiles = ({ config }: TestPlatform) =>
  createComposeFiles({
    customersDir: config.customersDir,
    templateOf: ({ platform }) => join(packageRoot(), 'stacks', stackOf(platform).folder, 'compose.yml'),
    variablesOf: (store) => ({ ...composeVariablesOf(config, store), INSTANCE: 'seed' }),
  });

/** Made once for all of the seed's stores: making them is not what is measured. */
const SECRETS = Object.fromEntries(SECRET_NAMES.map((name) => [name, SECRET_MAKERS[name]()])) as Record<
  SecretName,
  string
>;
/** Who may into the administration of each of its stores. */
export const SEED_ADMIN = { username: ADMIN_USERNAME, password: SECRETS['admin-password'] };

const overrides = (store: Store, { healthInterval }: SeedTiming): string =>
  [
    'services:',
    ...Object.keys(servicesOf(store)).flatMap((service) => [
      `  ${service}:`,
      '    healthcheck:',
      `      interval: ${healthInterval}`,
    ]),
  ].join('\n');

async function compose(
  platform: TestPlatform,
  store: Store,
  args: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  const root = join(platform.config.customersDir, 'stores', store.id);
  const files = ['--file', join(root, 'compose.yml'), '--file', join(root, 'seed.yml')];
  await runCommand(
    { path: join(platform.config.dataDir, 'tools', 'docker-compose') },
    ['--project-name', store.id, '--project-directory', root, ...files, ...args],
    { signal, env: { DOCKER_HOST: `unix://${platform.config.dockerSocket}` } },
  );
}

async function allHealthy({ adapters }: TestPlatform, store: Store): Promise<boolean> {
  for (const service of Object.keys(servicesOf(store))) {
    const { State } = await adapters.docker.getContainer(containerOf(store, service)).inspect();
    if (State.Health?.Status !== 'healthy') return false;
  }
  return true;
}

async function install(
  { adapters, config: { shopDefaults } }: TestPlatform,
  store: Store,
  url: string,
  signal: AbortSignal,
): Promise<boolean> {
  const { installer } = stackOf(store.platform);
  const input = installer.input(store, { url, adminPassword: SEED_ADMIN.password, ...shopDefaults });
  const { exitCode } = await execInContainer(adapters.docker, containerOf(store, 'web'), installer.command, {
    signal,
    input: JSON.stringify(input),
  });
  return exitCode === 0;
}
