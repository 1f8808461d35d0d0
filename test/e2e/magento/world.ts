import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { execInContainer } from '../../../src/adapters/docker/exec-in-container.ts';
import { containerOf } from '../../../src/domain/names.ts';
import type { Store, StoreHealth } from '../../../src/domain/store.ts';
import type { ServiceName } from '../../../src/domain/subnets.ts';
import { MINUTE } from '../../../src/lib/time.ts';
import type { StoreView } from '../../../src/stores/present-store.ts';
import { aWish, type FrontDoor, openFrontDoor, type Wish } from '../front-door/world.ts';
import type { TestPlatform } from '../platform.ts';
import { until } from '../until.ts';
import { adminOf } from './administration.ts';
import type { MagentoParts } from './parts.ts';
import { adminRest, type ShopRest } from './shop-rest.ts';

const E2E_INDEX = 7;

/** The shop that is signed up for on the page; the other themes find it open, with a product in it. */
export const ROSES: Wish = { ...aWish('roses'), platform: 'magento', plan: 'business' };
/** The second one, made while its workers die; the other themes find it open too. */
export const TULIPS = 'tulips';
/** Beside them: shops where the archive of WooCommerce is there, else two plain sites. */
export const OTHERS: readonly string[] = ['daisies', 'violets'];

/** The front door of a platform that can make Magento stores, and what the themes know of each other's shops. */
export interface MagentoWorld extends FrontDoor {
  /** What the authenticators of shops' owners hold, by the store's name. */
  readonly secondFactors: Map<string, string>;
  /** When the platform set each shop's clock going, as the engine saw it: milliseconds by the store's id. */
  readonly turns: ReadonlyMap<string, readonly number[]>;
}

/** A platform that can make Magento stores, with two workers: one dies, the other or its successor goes on. */
export async function openMagentoWorld(parts: MagentoParts): Promise<MagentoWorld> {
  const settings = await parts.settings(AbortSignal.timeout(5 * MINUTE));
  const door = await openFrontDoor(E2E_INDEX, {
    WORKER_PROCESSES: '2',
    WORKER_CONCURRENCY: '4',
    STORE_SMTP_PRIVATE: 'allowed',
    ...settings,
  });
  await door.platform.ok('images', 'prepare', 'magento');
  const isOffered = /<input(?![^>]*disabled)[^>]*value="magento"/;
  await until(async () => (isOffered.test((await door.platform.visit(`${door.home}signup`)).body) ? true : undefined));
  const clocks = await watchClocks(door.platform);
  return {
    ...door,
    secondFactors: new Map(),
    turns: clocks.turns,
    async close() {
      clocks.stop();
      await door.close();
    },
  };
}

async function watchClocks({ adapters, config }: TestPlatform) {
  const turns = new Map<string, number[]>();
  const filters = { event: ['exec_create'], label: [`shophosting.instance=${config.instanceId}`] };
  const events = await adapters.docker.getEvents({ filters: JSON.stringify(filters) });
  const lines = createInterface({ input: events });
  lines.on('line', (line) => {
    const { Action, Actor, timeNano } = JSON.parse(line) as EngineEvent;
    const id = Actor.Attributes['shophosting.store'];
    if (id === undefined || !Action.includes('/usr/local/bin/shop-cron')) return;
    turns.set(id, [...(turns.get(id) ?? []), timeNano / 1e6]);
  });
  const stop = (): void => {
    lines.close();
    (events as Readable).destroy();
  };
  return { turns, stop };
}

interface EngineEvent {
  readonly Action: string;
  readonly Actor: { readonly Attributes: Readonly<Record<string, string>> };
  readonly timeNano: number;
}

/** The REST interface of a shop as its owner, whose second factor is set up. */
export async function ownersRest({ platform, secondFactors }: MagentoWorld, store: StoreView): Promise<ShopRest> {
  return adminRest(platform, store, await adminOf(platform, store), secondFactors.get(store.name) ?? '');
}

/** The whole row of a store. */
export const rowOf = async ({ adapters, store }: TestPlatform, idOrName: string): Promise<Store> =>
  adapters.repositories.stores.get((await store(idOrName)).id);

export const untilHealth = ({ adapters }: TestPlatform, { id }: StoreView, wanted: readonly StoreHealth[]) =>
  until(async () => {
    const { health } = await adapters.repositories.stores.get(id);
    return wanted.includes(health) ? health : undefined;
  }, 3 * MINUTE);

/** How the store is, once it is told that this service of it is ill. */
export const untilIll = (
  { adapters }: TestPlatform,
  { id }: StoreView,
  service: ServiceName,
): Promise<Pick<Store, 'health' | 'healthDetail'>> =>
  until(async () => {
    const { health, healthDetail } = await adapters.repositories.stores.get(id);
    return healthDetail?.includes(`${service} is `) === true ? { health, healthDetail } : undefined;
  }, 3 * MINUTE);

export const serviceOf = ({ adapters }: TestPlatform, store: Pick<StoreView, 'id'>, service: ServiceName) =>
  adapters.docker.getContainer(containerOf(store, service));

/** A command inside one of a store's containers; what it printed. One that fails is the test's. */
export async function inService(
  { adapters }: TestPlatform,
  store: Pick<StoreView, 'id'>,
  service: ServiceName,
  ...argv: string[]
): Promise<string> {
  const { exitCode, output } = await execInContainer(adapters.docker, containerOf(store, service), argv, {
    signal: AbortSignal.timeout(2 * MINUTE),
  });
  if (exitCode !== 0) throw new Error(`${argv.join(' ')} in ${service} ended with ${exitCode}:\n${output}`);
  return output.trim();
}

/** Rows of a shop's database as its client prints them: columns by tabs. */
export const shopQuery = (platform: TestPlatform, store: Pick<StoreView, 'id'>, sql: string): Promise<string> =>
  inService(platform, store, 'db', ...DATABASE_CLIENT, 'shop', '--execute', sql);

const DATABASE_CLIENT = ['mariadb', '--defaults-file=/run/mysqld/health.cnf', '--batch', '--skip-column-names'];
