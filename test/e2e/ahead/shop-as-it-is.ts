import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { execInContainer } from '../../../src/adapters/docker/exec-in-container.ts';
import { containerOf, directoryOf } from '../../../src/domain/names.ts';
import { MINUTE } from '../../../src/lib/time.ts';
import { stackOf } from '../../../src/stacks/index.ts';
import type { StoreView } from '../../../src/stores/present-store.ts';
import type { TestPlatform } from '../platform.ts';

/** Rows and files of a shop whose texts are its own: what is left may differ between two shops in nothing. */
interface ShopAsItIs {
  readonly rows: readonly string[];
  readonly files: readonly string[];
}

export const shopAsItIs = async (platform: TestPlatform, store: StoreView): Promise<ShopAsItIs> => ({
  rows: await rowsOf(platform, store),
  files: await filesOf(platform, store),
});

/** Everything the shop's database says, one line per row, with what is its own replaced by what it is. */
async function rowsOf(platform: TestPlatform, store: StoreView): Promise<string[]> {
  const tables = (await inDatabase(platform, store, 'SHOW TABLES')).trim().split('\n');
  expect(tables.length).toBeGreaterThan(10);
  const all = [];
  for (let at = 0; at < tables.length; at += TABLES_AT_ONCE) {
    const some = tables.slice(at, at + TABLES_AT_ONCE);
    all.push(
      await inDatabase(
        platform,
        store,
        ...some.map((table) => `SELECT '${table}' AS of_table, it.* FROM ${table} AS it`),
      ),
    );
  }
  const rows = all
    .flatMap((text) => text.split('\n'))
    .map((line) => withoutItsOwn(line, store))
    .filter((line) => !OF_A_MOMENT.test(line))
    .toSorted();
  expect(rows.length).toBeGreaterThan(100);
  return rows;
}

/** A container's output has an end. */
const TABLES_AT_ONCE = 50;

/** Short-lived rows, what the shop's own clock does, and what the first visitors' pages write, two at once twice. */
const OF_A_MOMENT = new RegExp(
  [
    '^$',
    '_transient_|action_scheduler_|^shop_actionscheduler',
    '\\t(?:cron|recovery_keys|session_tokens|jetpack_options|as_has_wp_comment_logs)\\t|woocommerce_admin_scheduler_last_processed',
    '\\twp_navigation\\t',
    '^cron_schedule\\t',
  ].join('|'),
);

/** One line per row, columns apart by tabs; signed in by the options that the image's own health check goes by. */
export async function inDatabase(
  { adapters }: TestPlatform,
  store: Pick<StoreView, 'id'>,
  ...statements: string[]
): Promise<string> {
  const options = ['--defaults-extra-file=/run/mysqld/health.cnf', '--batch', '--skip-column-names'];
  const { exitCode, output } = await execInContainer(
    adapters.docker,
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
    // Magento's: digests of passwords, what is sealed, and names made of the moment.
    .replaceAll(/\b[0-9a-f]{64}:\w{32}:3_32_2_67108864\b/g, 'DIGEST')
    .replaceAll(/\b0:3:[\w+/=]+/g, 'SEALED')
    .replaceAll(/\b(preview_image_|version-)[0-9a-f]{13}\b/g, '$1MOMENT')
    .replaceAll(/(reindex\(legacy\))\(\d+\)/g, '$1(PID)')
    .replace(/(\ttwofactorauth\/duo\/application_key\t)\w+/, '$1RANDOM')
    .replace(/^(indexer_state\t.*\t)[0-9a-f]{32}$/, '$1SIGNATURE')
    .replaceAll(/('(?:key|password|frontName|date)' => )'[^']+'/g, '$1OWN')
    .replaceAll(/("(?:adminPath|installedAt)":)"[^"]+"/g, '$1OWN')
    // Rows of options come in the order in which they were first written.
    .replace(/("database_prefix\\?";s:32:\\?")\w{32}/, '$1RANDOM')
    .replace(/(_variant_assignment\t)\d+/, '$1LOT')
    .replace(/^(shop_options\t)\d+/, '$1ID');

/** Names, modes, owners and contents below the data folders that hold what was installed, but for the server's own. */
async function filesOf({ config }: TestPlatform, store: StoreView): Promise<string[]> {
  const data = join(config.customersDir, directoryOf(store), 'data');
  const found: string[] = [];
  const root = await stat(join(data, 'tmp'));
  for (const folder of stackOf(store.platform).ahead?.folders ?? []) {
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
          withoutItsOwn(`${folder}/${name.replaceAll(/-[0-9a-zA-Z]{32,}/g, '-RANDOM')}`, store),
          (facts.mode & 0o777).toString(8),
          owner,
          createHash('sha256').update(content).digest('hex').slice(0, 16),
        ].join(' '),
      );
    }
  }
  return found.toSorted();
}
