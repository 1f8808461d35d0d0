import { createHash } from 'node:crypto';
import { appendFile, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ContainerInspectInfo } from 'dockerode';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { execInContainer } from '../../src/adapters/docker/exec-in-container.ts';
import { EXIT } from '../../src/cli/exit-codes.ts';
import { containerOf, directoryOf } from '../../src/domain/names.ts';
import type { PoolMember } from '../../src/domain/pool-member.ts';
import { MINUTE } from '../../src/lib/time.ts';
import { stackOf } from '../../src/stacks/index.ts';
import type { StoreView } from '../../src/stores/present-store.ts';
import { composeByHand } from './compose-by-hand.ts';
import { startPlatform, type TestPlatform } from './platform.ts';
import { until } from './until.ts';

/** Rows and files of a shop whose texts are its own: what is left may differ between two shops in nothing. */
interface ShopAsItIs {
  readonly rows: readonly string[];
  readonly files: readonly string[];
}

let platform: TestPlatform;
let kind: 'woocommerce' | 'wordpress';
beforeAll(async () => {
  // Nothing is made ahead yet: the first store cannot but be installed.
  platform = await startPlatform(13, { GOLDEN_SNAPSHOTS: '0', POOL_SIZE: '0' });
  const { items } = (await platform.ok('artifacts', 'list')) as { items: { name: string; present: boolean }[] };
  kind = items.some(({ name, present }) => name === 'woocommerce' && present) ? 'woocommerce' : 'wordpress';
}, 5 * MINUTE);
afterAll(async () => {
  await platform?.destroy();
});

const members = (): Promise<PoolMember[]> => platform.adapters.repositories.poolMembers.list();
const inspect = (id: string, service: string): Promise<ContainerInspectInfo> =>
  platform.adapters.docker.getContainer(containerOf({ id }, service)).inspect();

/** What the run that made the store noted when its containers started. */
async function wordsOfStart({ id }: Pick<StoreView, 'id'>): Promise<string> {
  const { items } = (await platform.ok('job', 'list')) as { items: { id: string; storeId: string }[] };
  const run = items.find(({ storeId }) => storeId === id);
  const { steps } = await platform.adapters.repositories.runs.get(run?.id ?? '');
  return steps.find(({ name }) => name === 'start-containers')?.logTail ?? '';
}

/** Its containers, and since when each runs. */
const whatRuns = (id: string): Promise<string[][]> =>
  Promise.all(
    ['web', 'db', 'cache'].map(async (service) => {
      const { Id, State } = await inspect(id, service);
      return [service, Id, State.StartedAt];
    }),
  );

/** What its containers may take together, in MB. */
async function memoryOf({ id }: Pick<StoreView, 'id'>): Promise<number> {
  const found = await Promise.all(['web', 'db', 'cache'].map((service) => inspect(id, service)));
  return found.reduce((sum, { HostConfig }) => sum + (HostConfig.Memory ?? 0), 0) / 1024 ** 2;
}

async function expectComposeToAgree(store: Pick<StoreView, 'id'>): Promise<void> {
  const before = await whatRuns(store.id);
  await composeByHand(platform, store);
  expect(await whatRuns(store.id)).toEqual(before);
}

/** Everything the shop's database says, one line per row, with what is its own replaced by what it is. */
async function rowsOf(store: StoreView): Promise<string[]> {
  const tables = (await inDatabase(store, 'SHOW TABLES')).trim().split('\n');
  expect(tables.length).toBeGreaterThan(10);
  const all = await inDatabase(
    store,
    ...tables.map((table) => `SELECT '${table}' AS of_table, it.* FROM ${table} AS it`),
  );
  const rows = all
    .split('\n')
    .map((line) => withoutItsOwn(line, store))
    .filter((line) => !OF_A_MOMENT.test(line))
    .toSorted();
  expect(rows.length).toBeGreaterThan(100);
  return rows;
}

/** Short-lived rows, what the shop's own clock does, and what the first visitors' pages write, two at once twice. */
const OF_A_MOMENT = new RegExp(
  [
    '^$',
    '_transient_|action_scheduler_|^shop_actionscheduler',
    '\\t(?:cron|recovery_keys|session_tokens|jetpack_options|as_has_wp_comment_logs)\\t|woocommerce_admin_scheduler_last_processed',
    '\\twp_navigation\\t',
  ].join('|'),
);

/** One line per row, columns apart by tabs; signed in by the options that the image's own health check goes by. */
async function inDatabase(store: Pick<StoreView, 'id'>, ...statements: string[]): Promise<string> {
  const options = ['--defaults-extra-file=/run/mysqld/health.cnf', '--batch', '--skip-column-names'];
  const { exitCode, output } = await execInContainer(
    platform.adapters.docker,
    containerOf(store, 'db'),
    ['mysql', ...options, '--execute', statements.join(';'), 'shop'],
    { signal: AbortSignal.timeout(MINUTE) },
  );
  expect([exitCode, output.slice(0, 200)]).toEqual([0, expect.any(String)]);
  return output;
}

const withoutItsOwn = (line: string, store: StoreView): string =>
  line
    .replaceAll(new URL(store.url).host, 'HOST')
    .replaceAll(store.name, 'NAME')
    .replaceAll(/\$wp\$2y\$[./A-Za-z0-9$]+/g, 'DIGEST')
    .replaceAll(/\b\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\b/g, 'MOMENT')
    .replaceAll(/\b1[789]\d{8}(?:\.\d+)?\b/g, 'SECOND')
    .replaceAll(/\b[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}\b/g, 'UUID')
    // Rows of options come in the order in which they were first written.
    .replace(/("database_prefix\\?";s:32:\\?")\w{32}/, '$1RANDOM')
    .replace(/(_variant_assignment\t)\d+/, '$1LOT')
    .replace(/^(shop_options\t)\d+/, '$1ID');

/** Names, modes, owners and contents below the data folders that hold what was installed, but for the server's own. */
async function filesOf(store: StoreView): Promise<string[]> {
  const data = join(platform.config.customersDir, directoryOf(store), 'data');
  const found: string[] = [];
  const root = await stat(join(data, 'plugins'));
  for (const folder of stackOf(kind).ahead?.folders ?? []) {
    if (folder === 'database') continue;
    for (const name of await readdir(join(data, folder), { recursive: true })) {
      if (name.startsWith('wc-logs')) continue; // Of its clock.
      if (join(folder, name) === 'plugins/woocommerce') continue; // Where the engine mounts it; nobody sees this folder.
      const path = join(data, folder, name);
      const facts = await stat(path);
      const content = facts.isFile() ? withoutItsOwn(await readFile(path, 'latin1'), store) : '';
      const owner = facts.uid === root.uid && facts.gid === root.gid ? 'its own' : `${facts.uid}:${facts.gid}`;
      found.push(
        [
          `${folder}/${name.replaceAll(/-[0-9a-zA-Z]{32,}/g, '-RANDOM')}`,
          (facts.mode & 0o777).toString(8),
          owner,
          createHash('sha256').update(content).digest('hex').slice(0, 16),
        ].join(' '),
      );
    }
  }
  return found.toSorted();
}

/** Whether whoever comes first is shown the page that was made before the door was opened. */
const pageIsThere = async ({ url }: StoreView) =>
  (await platform.visit(url, { headers: { 'accept-encoding': 'gzip', cookie: '' } })).headers['x-cache'];

const asItIs = async (store: StoreView): Promise<ShopAsItIs> => ({
  rows: await rowsOf(store),
  files: await filesOf(store),
});

describe('a store that is made ahead', () => {
  let installed: StoreView;
  let copied: StoreView;
  let claimed: StoreView;

  test('is not there while the operator wants none: whoever comes is given one that is installed', async () => {
    installed = await platform.createStore('first-shop', { platform: kind });

    expect(await wordsOfStart(installed)).not.toContain('copied from a shop');
    expect([await members(), (await platform.ok('golden', 'list'))['items']]).toEqual([[], []]);
    expect((await platform.visit(installed.url)).status).toBe(200);
  });

  test('a snapshot is made by itself once nobody waits, and is whole', async () => {
    await platform.startAgain({ GOLDEN_SNAPSHOTS: '1' });
    await until(async () => {
      const { items } = (await platform.ok('golden', 'list')) as { items: { platform: string; isOfToday: boolean }[] };
      return items.some((snapshot) => snapshot.platform === kind && snapshot.isOfToday) ? true : undefined;
    }, 3 * MINUTE);
    const { items } = (await platform.ok('golden', 'verify')) as { items: { differs: string | null }[] };
    expect(items.map(({ differs }) => differs)).toEqual(items.map(() => null));
    await until(async () => ((await members()).every(({ purpose }) => purpose !== 'golden') ? true : undefined));
  });

  test('a copy of it is, but for secrets and moments, what an installation would have been', async () => {
    copied = await platform.createStore('other-shop', { platform: kind });

    expect(await wordsOfStart(copied)).toContain('copied from a shop');
    expect(await pageIsThere(copied)).toBe('HIT');
    expect(await asItIs(copied)).toEqual(await asItIs(installed));
    await expectComposeToAgree(copied);
  });

  test('one that waits in the pool cannot be reached, has no way in, and is no store', async () => {
    await platform.ok('pool', 'resize', kind, '1');
    const ready = await until(
      async () => (await members()).find(({ status, platform: of }) => status === 'ready' && of === kind),
      2 * MINUTE,
    );
    expect((await platform.cli('store', 'show', ready.id)).exitCode).toBe(EXIT.notFound);
    expect(
      ((await platform.ok('store', 'list')) as { items: { id: string }[] }).items.map(({ id }) => id),
    ).not.toContain(ready.id);
    expect(
      (
        await platform
          .visit(`https://${ready.id}.${platform.config.baseDomain}:${platform.config.http.httpsPort}/`)
          .catch(() => ({ status: 0 }))
      ).status,
    ).not.toBe(200);
    const accounts = 'SELECT user_login, user_pass FROM shop.shop_users';
    const rows = await inDatabase(ready, accounts);
    expect(rows.trim()).toBe('nobody\t!');
    // Nor does it go to whoever on this machine finds the door for that, without its key.
    const { NetworkSettings } = await inspect(ready.id, 'web');
    const { IPAddress } = NetworkSettings.Networks[`${ready.id}_front`] ?? {};
    for (const headers of [{}, { 'x-shop-key': '0'.repeat(64) }]) {
      const refused = await fetch(`http://${IPAddress}:8082/hand-over`, { method: 'POST', headers, body: '{}' });
      expect(refused.status).toBe(404);
    }
  });

  test('it becomes the store of whoever orders next: no container is made anew, and Compose agrees with what runs', async () => {
    const waiting = (await members()).find(({ status, platform: of }) => status === 'ready' && of === kind);
    const before = await whatRuns(waiting?.id ?? '');

    claimed = await platform.createStore('third-shop', { platform: kind });

    expect(claimed.id).toBe(waiting?.id);
    expect(await whatRuns(claimed.id)).toEqual(before);
    expect(await pageIsThere(claimed)).toBe('HIT');
    expect((await platform.visit(claimed.url)).body).toContain('third-shop');
    expect((await platform.cli('store', 'logs', claimed.id)).stdout).toContain('handed over by its own web server');
    expect(await asItIs(claimed)).toEqual(await asItIs(installed));
    await expectComposeToAgree(claimed);
    expect(await platform.ok('store', 'credentials', claimed.id)).toMatchObject({ admin: { username: 'shopowner' } });
  });

  test(
    'one of another plan waits for an order of that plan, with its limits',
    async () => {
      const ofPlan = async () => (await members()).filter(({ plan }) => plan === 'business');
      await platform.ok('pool', 'resize', kind, '1', '--plan', 'business');
      const waiting = await until(async () => (await ofPlan()).find(({ status }) => status === 'ready'), 2 * MINUTE);

      const larger = await platform.createStore('larger-shop', { platform: kind, plan: 'business' });

      expect(larger).toMatchObject({ id: waiting.id, plan: 'business' });
      expect([await memoryOf(larger), await memoryOf(claimed)]).toEqual([2048, 1024]);
      await expectComposeToAgree(larger);
      await platform.ok('pool', 'resize', kind, '0', '--plan', 'business');
      await until(async () => ((await ofPlan()).length === 0 ? true : undefined), MINUTE);
      await platform.ok('store', 'delete', larger.id, '--yes');
      await platform.gone(larger.id);
    },
    5 * MINUTE,
  );

  test(
    'a snapshot that somebody changed is told, and made anew when it is asked for',
    async () => {
      const mine = async (...words: string[]) =>
        (
          (await platform.ok('golden', ...words)) as {
            items: { platform: string; key: string; differs?: string | null }[];
          }
        ).items.filter(({ platform: of }) => of === kind);
      const [snapshot] = await mine('list');
      await appendFile(
        join(platform.config.customersDir, 'golden', snapshot?.key ?? '', 'data/themes/index.php'),
        '//',
      );

      const { exitCode, json } = await platform.cli('golden', 'verify');
      expect(exitCode).toBe(EXIT.needsAttention);
      expect(json).toMatchObject({
        items: expect.arrayContaining([expect.objectContaining({ differs: expect.any(String) })]),
      });
      expect((await mine('build', kind)).map(({ key }) => key)).toEqual([snapshot?.key]);
      expect((await mine('verify')).map(({ differs }) => differs)).toEqual([null]);
    },
    5 * MINUTE,
  );

  test('no two of them share a secret, nor what tells one server from another', async () => {
    const own = await Promise.all(
      [installed, copied, claimed].map(async (store) => {
        const root = join(platform.config.customersDir, directoryOf(store));
        const read = (path: string) => readFile(join(root, path), 'utf8');
        const server = join(root, 'data/database/data');
        const keys = (await readdir(server)).filter((name) => name.endsWith('.pem') || name === 'auto.cnf');
        const drawn =
          "SELECT option_value FROM shop_options WHERE option_name IN ('woocommerce_maxmind_geolocation_settings', 'woocommerce_store_id')";
        return [
          ...(kind === 'woocommerce' ? (await inDatabase(store, drawn)).trim().split('\n') : []),
          await read('secrets/web/db-password'),
          await read('secrets/web/wp-salts.json'),
          await read('secrets/db/db-root-password'),
          ...(await Promise.all(keys.toSorted().map((name) => read(`data/database/data/${name}`)))),
        ];
      }),
    );
    const [first] = own;
    expect(first?.length).toBeGreaterThan(3);
    for (const [index] of (first ?? []).entries()) {
      expect(new Set(own.map((secrets) => secrets[index])).size).toBe(3);
    }
  });

  test('one that was changed while it waited is nobody’s ever; one that was only stopped is started again', async () => {
    const changed = await until(async () => (await members()).find(({ status }) => status === 'ready'), 2 * MINUTE);
    await writeFile(join(platform.config.customersDir, directoryOf(changed), 'data/plugins/more.php'), '<?php');
    const next = await until(
      async () => (await members()).find(({ id, status }) => status === 'ready' && id !== changed.id),
      2 * MINUTE,
    );
    expect((await members()).map(({ id }) => id)).toEqual([next.id]);
    expect(await readdir(join(platform.config.customersDir, 'stores'))).not.toContain(changed.id);

    await platform.adapters.docker.getContainer(containerOf(next, 'cache')).stop();
    await until(async () => ((await inspect(next.id, 'cache')).State.Running ? true : undefined), MINUTE);
    expect((await members()).map(({ id, status }) => [id, status])).toEqual([[next.id, 'ready']]);
  });

  test('is gone without a trace when it is deleted, and so is one whose maker was killed', async () => {
    await platform.ok('store', 'delete', claimed.id, '--yes');
    await platform.gone(claimed.id);
    await until(async () => ((await members()).some(({ status }) => status === 'ready') ? true : undefined), MINUTE);
    await platform.ok('pool', 'drain');
    await until(async () => ((await members()).some(({ status }) => status === 'making') ? true : undefined), MINUTE);
    for (const pid of await platform.workerPids()) process.kill(pid, 'SIGKILL');

    await until(async () => {
      const all = await members();
      return all.length === 1 && all[0]?.status === 'ready' ? true : undefined;
    }, 3 * MINUTE);
    await platform.ok('pool', 'resize', kind, '0');
    await until(async () => ((await members()).length === 0 ? true : undefined), MINUTE);

    const known = await platform.adapters.containers.knownStoreIds(platform.config.instanceId);
    expect([...known].toSorted()).toEqual([installed.id, copied.id].toSorted());
    const folders = await readdir(join(platform.config.customersDir, 'stores'));
    expect(folders.toSorted()).toEqual([installed.id, copied.id].toSorted());
  });
});
