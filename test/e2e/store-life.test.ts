import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createWebhookSecretMaker, signWebhook } from '../../src/adapters/crypto/webhook-secrets.ts';
import { execInContainer } from '../../src/adapters/docker/exec-in-container.ts';
import { webConfigOf } from '../../src/app/web-config-of.ts';
import { DELETION_GRACE_DAYS } from '../../src/domain/changes.ts';
import { containerOf, directoryOf } from '../../src/domain/names.ts';
import { newId } from '../../src/lib/new-id.ts';
import { DAY, MINUTE } from '../../src/lib/time.ts';
import type { StoreView } from '../../src/stores/present-store.ts';
import { createStoreLife } from '../../src/stores/store-life.ts';
import type { WebhookPayload } from '../../src/webhooks/payload-of.ts';
import { type HookServer, startHookServer } from '../services/hook-server.ts';
import { mailsTo } from './outbox.ts';
import { startPlatform, type TestPlatform } from './platform.ts';
import { until } from './until.ts';
import { killWorkersAt, missesDuring, untilTwoWorkers } from './workers.ts';
import { tracesOf } from './world-snapshot.ts';

/** What is left out is what a shop's own clock writes, whoever looks. */
const ALL_ROWS = `
global $wpdb;
$sums = array();
foreach ($wpdb->get_col('SHOW TABLES') as $table) {
  $rows = $wpdb->get_results("SELECT * FROM \`$table\` ORDER BY 1, 2", ARRAY_A);
  $rows = array_filter($rows, fn($row) => !preg_match('/^(cron|recovery_keys|_(site_)?transient)/', $row['option_name'] ?? ''));
  $sums[$table] = count($rows) . ':' . md5(serialize(array_values($rows)));
}
echo json_encode($sums);
`;

let platform: TestPlatform;
let store: StoreView;
let hooks: HookServer;
beforeAll(async () => {
  hooks = await startHookServer();
  platform = await startPlatform(9, { WORKER_PROCESSES: '2', WEBHOOKS_ALLOW_LOCAL: '1' });
  store = await platform.createStore('living', { title: 'Shop with a life' });
});
afterAll(async () => {
  await platform?.destroy();
  await hooks?.stop();
});

/** The owner has a webhook on this machine; with all that it was told it is gone again after `remove`. */
async function tellHooks({ customerId }: StoreView): Promise<{ secret: string; remove: () => Promise<void> }> {
  const id = newId('whe');
  const { secret, sealed } = await createWebhookSecretMaker(webConfigOf(platform.config).keys.webhooks).make(id);
  const { webhookEndpoints } = platform.adapters.repositories;
  const request = { customerId, id, origin: { actor: customerId }, now: new Date() };
  const url = `http://localhost:${hooks.port}/in`;
  await webhookEndpoints.add({ ...request, name: 'Books', url, sealed, events: ['store.suspended', 'store.resumed'] });
  return { secret, remove: () => webhookEndpoints.remove(request) };
}

/** Every table of the shop, as counts and sums of its rows. */
async function databaseOf({ id }: StoreView): Promise<unknown> {
  const { output } = await execInContainer(
    platform.adapters.docker,
    containerOf({ id }, 'web'),
    ['wp', 'eval', ALL_ROWS],
    { signal: AbortSignal.timeout(MINUTE) },
  );
  return JSON.parse(output.trim().split('\n').at(-1) ?? '');
}

/** Sum of each file below the store's folder, by its path. */
async function filesOf({ id }: StoreView, except: readonly string[] = []): Promise<Record<string, string>> {
  const root = join(platform.config.customersDir, directoryOf({ id }));
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const wanted = files.filter((path) => !except.some((folder) => path.startsWith(join(root, folder))));
  const sums = await Promise.all(
    wanted.map(async (path) => [
      path.slice(root.length),
      createHash('sha256')
        .update(await readFile(path))
        .digest('hex'),
    ]),
  );
  return Object.fromEntries(sums.toSorted(([a = ''], [b = '']) => a.localeCompare(b)));
}

const statesOf = async ({ id }: StoreView): Promise<readonly string[]> => {
  const { repositories, containers } = platform.adapters;
  return Object.values(await containers.look(await repositories.stores.get(id))).map(({ state }) => state);
};

test('a suspended store is closed, loses nothing, and opens again as it was, whoever dies meanwhile', async () => {
  await untilTwoWorkers(platform);
  const rows = await databaseOf(store);
  const files = await filesOf(store, ['data/database']);
  const ids = await containerIds(store);
  const webhook = await tellHooks(store);

  await platform.ok('store', 'suspend', store.id, '--reason', 'unpaid', '--text', 'A payment is missing.');
  await killWorkersAt(platform, store.id, { step: 'stop-containers', kind: 'started' });
  await until(async () => ((await platform.store(store.id)).run?.status === 'done' ? true : undefined));

  const closed = await platform.visit(store.url);
  expect([closed.status, closed.headers['x-edge-page']]).toEqual([503, 'suspended']);
  expect(Number(closed.headers['retry-after'])).toBeGreaterThan(0);
  expect(closed.body).not.toMatch(/Shop with a life|living/);
  expect(new Set(await statesOf(store))).toEqual(new Set(['stopped']));

  // Nobody mends what is meant to stand still.
  const resting = await filesOf(store);
  expect((await platform.cli('store', 'repair', store.id)).exitCode).toBe(5);
  await platform.ok('restart', 'worker');
  await untilTwoWorkers(platform);
  expect(new Set(await statesOf(store))).toEqual(new Set(['stopped']));
  expect(await filesOf(store)).toEqual(resting);

  const open = await platform.ok('store', 'resume', store.id, '--wait');
  expect(open).toMatchObject({ status: 'active' });
  expect((await platform.visit(store.url)).body).toContain('Shop with a life');
  expect(await databaseOf(store)).toEqual(rows);
  expect(await filesOf(store, ['data/database'])).toEqual(files);
  expect(await containerIds(store)).toEqual(ids);
  const subjects = await until(async () => {
    const found = await mailsTo(platform, 'living@example.com');
    return found.some((subject) => subject.includes('open again')) ? found : undefined;
  });
  expect(subjects.filter((subject) => subject.includes('closed for now'))).toHaveLength(1);

  // Its owner's program was told of both, by whichever worker lived, and can tell that it was us.
  const typesOf = () => new Set(hooks.hooks.map(({ body }) => (JSON.parse(body) as WebhookPayload).type));
  await until(async () => (typesOf().size === 2 ? true : undefined));
  for (const { headers, body } of hooks.hooks) {
    const { id, data } = JSON.parse(body) as WebhookPayload;
    expect(data.store).toMatchObject({ id: store.id, name: 'living' });
    const timestamp = Number(headers['webhook-timestamp']);
    expect(headers['webhook-signature']).toBe(signWebhook(webhook.secret, { id, timestamp, body }));
  }
  await webhook.remove();
});

test('another plan binds at once, with the shop open and its containers as they are, also after a repair', async () => {
  const before = await limitsIn(store);
  const ids = await containerIds(store);

  const misses = await missesDuring(platform, [store], async () => {
    await platform.ok('store', 'resize', store.id, '--plan', 'business', '--wait');
  });

  const after = await limitsIn(store);
  expect(misses).toBe(0);
  expect(await platform.store(store.id)).toMatchObject({ plan: 'business', status: 'active' });
  for (const [at, { memory, cpu }] of before.entries()) {
    expect(after[at]?.memory).toBeGreaterThan(memory);
    expect(after[at]?.cpu).toBeGreaterThanOrEqual(cpu);
  }
  // In maintenance meanwhile: no probe takes that for a failure, and no repair switches it off.
  await maintain(store, 'on');
  await platform.ok('store', 'repair', store.id, '--wait');
  expect(await limitsIn(store)).toEqual(after);
  expect(await containerIds(store)).toEqual(ids);

  const shown = await until(async () => {
    const found = await platform.store(store.id);
    return found.health === 'healthy' ? found : undefined;
  });
  expect(shown).toMatchObject({ status: 'active', inMaintenance: true });
  const note = await platform.visit(store.url);
  expect(note).toMatchObject({ status: 503, headers: { 'cache-control': 'no-store', 'retry-after': '300' } });
  expect((await platform.visit(new URL('/wp-login.php', store.url).href)).status).toBe(200);
  await maintain(store, 'off');
  expect((await platform.visit(store.url)).status).toBe(200);
});

test('a shop is set as wished and says so itself, takes the upload it did not before, and its mail leaves in its name', async () => {
  const large = 'x'.repeat(80 * 1024 * 1024);
  const headers = { 'content-length': String(large.length) };
  expect((await platform.visit(store.url, { method: 'POST', headers })).status).toBe(413);
  const wish = ['--title', 'Roses & more', '--timezone', 'Europe/Berlin', '--php-upload', '128'];
  await platform.ok('store', 'settings', store.id, ...wish);
  await until(async () => ((await platform.store(store.id)).run?.status === 'done' ? true : undefined));

  expect(await platform.ok('store', 'settings', store.id)).toMatchObject({
    now: {
      ...{ title: 'Roses & more', timezone: 'Europe/Berlin', locale: 'en_US', locales: ['en_US'] },
      php: { phpUpload: 128, phpMemory: 256 },
    },
  });
  expect((await platform.visit(store.url, { method: 'POST', body: large })).status).toBe(200);
  expect((await platform.visit(store.url)).body).toContain('Roses &amp; more');

  await platform.ok('store', 'mail', store.id, '--way', 'platform', '--sender-name', 'Rosa of Roses');
  const trial = await platform.ok('store', 'mail-test', store.id, '--to', 'me@example.com');
  expect(trial).toMatchObject({ outcome: 'accepted', way: 'platform', answer: 'written' });
  expect(await mailsTo(platform, 'me@example.com')).toEqual(['A test from Roses & more']);
});

async function maintain({ id }: StoreView, wish: 'on' | 'off'): Promise<void> {
  await platform.ok('store', 'settings', id, '--maintenance', wish);
  await until(async () => {
    const { run, inMaintenance = false } = await platform.store(id);
    return run?.kind === 'configure' && run.status === 'done' && inMaintenance === (wish === 'on') ? true : undefined;
  });
}

test('what its owner deletes is closed and comes back whole; when the days are over it is gone without a trace', async () => {
  const { repositories, doorbell } = platform.adapters;
  const now = (): Date => new Date();
  const life = createStoreLife({ ...repositories, ring: doorbell.ring, now });
  const owner = { by: 'owner', actor: (await repositories.stores.get(store.id)).customerId } as const;
  const rows = await databaseOf(store);
  await untilTwoWorkers(platform);

  await life.scheduleDelete(store.id, owner);
  await killWorkersAt(platform, store.id, { step: 'mark-for-deletion', kind: 'started' });
  await untilRunIsDone();
  expect(await platform.store(store.id)).toMatchObject({ status: 'deletion-scheduled' });
  expect(new Set(await statesOf(store))).toEqual(new Set(['stopped']));
  const closed = await platform.visit(store.url);
  expect(closed.status).toBe(503);
  expect(closed.body).not.toMatch(/Roses|living/);
  // Its name is held for it.
  expect(
    (await platform.cli('store', 'create', '--platform', 'wordpress', '--name', 'living', '--email', 'b@example.com'))
      .exitCode,
  ).toBe(5);

  await untilTwoWorkers(platform);
  await life.undoDelete(store.id, owner);
  await killWorkersAt(platform, store.id, { step: 'mark-kept', kind: 'started' });
  await untilRunIsDone();
  expect(await platform.store(store.id)).toMatchObject({ status: 'active', error: null });
  expect((await platform.visit(store.url)).body).toContain('Roses &amp; more');
  expect(await databaseOf(store)).toEqual(rows);

  await untilTwoWorkers(platform);
  await life.scheduleDelete(store.id, owner);
  await untilRunIsDone();
  const afterGrace = new Date(Date.now() + (DELETION_GRACE_DAYS + 1) * DAY);
  const due = await repositories.changes.dueForDeletion(afterGrace, 10);
  expect(due).toEqual([store.id]);
  const teardown = await repositories.changes.requestDueTeardown(store.id, afterGrace);
  await doorbell.ring(teardown ?? '');
  await killWorkersAt(platform, store.id, { step: 'start-containers', kind: 'undone' });
  await platform.gone(store.id);
  expect(await tracesOf(platform, store)).toEqual({});
  const subjects = await mailsTo(platform, 'living@example.com');
  expect(subjects).toEqual(expect.arrayContaining([expect.stringMatching(/deleted/i)]));
});

const untilRunIsDone = (): Promise<true> =>
  until(async () => ((await platform.store(store.id)).run?.status === 'done' ? true : undefined));

/** What the engine says that each container may use. */
async function limitsIn({ id }: StoreView): Promise<readonly { memory: number; cpu: number }[]> {
  const found = await inspected(id);
  return found.map(({ HostConfig }) => ({ memory: HostConfig.Memory ?? 0, cpu: HostConfig.NanoCpus ?? 0 }));
}

async function containerIds({ id }: StoreView): Promise<readonly string[]> {
  return (await inspected(id)).map(({ Id }) => Id);
}

const inspected = (id: string) =>
  Promise.all(
    ['web', 'db', 'cache'].map((service) =>
      platform.adapters.docker.getContainer(containerOf({ id }, service)).inspect(),
    ),
  );
