import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sql } from 'kysely';
import type { TestPlatform } from './platform.ts';

/** Everything on this machine in which a store could leave a trace, by kind. Only what names the store is listed. */
export async function tracesOf(
  platform: TestPlatform,
  store: { id: string; domain: string; port: number; uid?: number },
): Promise<Record<string, string[]>> {
  const { adapters, config } = platform;
  const { docker } = adapters;
  const filters = JSON.stringify({ label: [`shophosting.store=${store.id}`] });
  const containers = await docker.listContainers({ all: true, filters });
  const networks = (await docker.listNetworks()).filter(({ Name }) => Name.startsWith(store.id));
  const { Volumes } = await docker.listVolumes();
  const traces: Record<string, string[]> = {
    containers: containers.map(({ Names }) => Names.join()),
    networks: networks.map(({ Name }) => Name),
    volumes: (Volumes ?? []).filter(({ Name }) => Name.startsWith(store.id)).map(({ Name }) => Name),
    customers: await filesNaming(config.customersDir, [store.id]),
    edge: await filesNaming(join(config.dataDir, 'edge'), [store.id, store.domain], ['logs']),
    certificates: await filesNaming(join(config.dataDir, 'certificates'), [store.domain]),
    run: await filesNaming(join(config.dataDir, 'run'), [store.id, store.domain]),
    secrets: await filesNaming(join(config.dataDir, 'secrets'), [store.id, store.domain]),
    certbot: await filesNaming(join(config.dataDir, 'certbot'), [store.domain], ['logs']),
    rows: await rowsNaming(platform, [store.id, store.domain]),
    queue: await queueNaming(platform, store.id),
    mounts: (await readFile('/proc/mounts', 'utf8')).split('\n').filter((line) => line.includes(store.id)),
    processes: await processesNaming(store.id),
  };
  return Object.fromEntries(Object.entries(traces).filter(([, found]) => found.length > 0));
}

async function filesNaming(
  root: string,
  needles: readonly string[],
  except: readonly string[] = [],
): Promise<string[]> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true }).catch(() => []);
  const found: string[] = [];
  for (const entry of entries) {
    const path = join(entry.parentPath, entry.name);
    if (except.some((part) => path.includes(`/${part}/`))) continue;
    if (needles.some((needle) => path.includes(needle))) found.push(path);
    else if (entry.isFile()) {
      const text = await readFile(path, 'latin1').catch(() => '');
      if (needles.some((needle) => text.includes(needle))) found.push(path);
    }
  }
  return found;
}

/** What names a store that is gone, on purpose: the ledger, names kept from others, orders that authorities count. */
const KEPT_TABLES = ['audit_log', 'released_domains', 'certificate_orders'];

/** Every text column of every table but those that keep their lines on purpose. */
async function rowsNaming({ adapters, config }: TestPlatform, needles: readonly string[]): Promise<string[]> {
  const { kysely } = adapters.database;
  const columns = await sql<{ t: string; c: string }>`
    SELECT table_name AS t, column_name AS c FROM information_schema.columns
    WHERE table_schema = ${config.mysql.database} AND data_type IN ('varchar', 'char', 'text', 'longtext', 'json', 'mediumtext')
      AND table_name NOT IN (${sql.join(KEPT_TABLES)})`.execute(kysely);
  const found: string[] = [];
  for (const { t, c } of columns.rows) {
    for (const needle of needles) {
      const { rows } = await sql<{
        n: number;
      }>`SELECT COUNT(*) AS n FROM ${sql.table(t)} WHERE CAST(${sql.ref(c)} AS CHAR) LIKE ${`%${needle}%`}`.execute(
        kysely,
      );
      if (Number(rows[0]?.n) > 0) found.push(`${t}.${c} names ${needle}`);
    }
  }
  return found;
}

async function queueNaming({ adapters }: TestPlatform, storeId: string): Promise<string[]> {
  const counts = await adapters.doorbell.counts();
  return counts.waiting + counts.delayed > 0 ? [`${counts.waiting} bells wait (looking for ${storeId})`] : [];
}

async function processesNaming(needle: string): Promise<string[]> {
  const found: string[] = [];
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const line = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    if (Number(pid) !== process.pid && line.includes(needle)) found.push(line.replaceAll('\0', ' '));
  }
  return found;
}
