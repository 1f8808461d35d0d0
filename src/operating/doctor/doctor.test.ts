import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { looksOf } from '../../../test/fakes/looks-of.ts';
import type { Store } from '../../domain/store.ts';
import type { LedgerVerdict } from '../../ledger/verify-ledger.ts';
import { platformsCheck, poolsCheck } from './capacity-checks.ts';
import { type Check, fail, ok, START_AGAIN } from './check.ts';
import { type DatabaseFacts, databaseCheck } from './database-check.ts';
import { diskCheck } from './disk-check.ts';
import { createDoctor } from './doctor.ts';
import { edgeCheck } from './edge-check.ts';
import { knownDatabaseCheck } from './known-database-check.ts';
import { ledgerCheck } from './ledger-check.ts';
import { clockCheck, engineCheck, nodeCheck, programsCheck, runcCheck } from './machine-checks.ts';
import { mailCheck } from './mail-check.ts';
import { redisCheck } from './redis-check.ts';
import { secretsCheck } from './secrets-check.ts';
import { storeContainersCheck } from './store-containers-check.ts';
import { storeFoldersCheck } from './store-folders-check.ts';
import { webCheck } from './web-check.ts';
import { workerCheck } from './worker-check.ts';

const run = (check: Check) => check.run(AbortSignal.timeout(1000));
const aStore = (facts: Partial<Store> = {}): Store =>
  ({ id: 'sto_1', name: 'demo', status: 'active', uid: process.getuid?.() ?? 0, error: null, ...facts }) as Store;

describe('doctor', () => {
  test('is not ok when one check fails; a check that throws or hangs fails with its hint', async () => {
    const hangs: Check = { name: 'hangs', run: () => new Promise(() => undefined) };
    const throws: Check = { name: 'throws', run: () => Promise.reject(new Error('odd')) };
    const fine: Check = { name: 'fine', run: async () => ok('yes') };

    const view = await createDoctor([fine, throws, hangs], 20)();

    expect(view.ok).toBe(false);
    expect(view.checks.map(({ name, status }) => `${name} ${status}`)).toEqual([
      'fine ok',
      'throws fail',
      'hangs fail',
    ]);
  });

  test('warnings leave it ok', async () => {
    const check: Check = { name: 'w', run: async () => ({ status: 'warn', message: 'm', fix: null }) };
    expect((await createDoctor([check])()).ok).toBe(true);
  });
});

describe('the machine', () => {
  test('an old Node, a missing program, a silent engine: each with its cure', async () => {
    expect(await run(nodeCheck('20.18.1'))).toMatchObject({ status: 'fail' });
    expect(await run(nodeCheck('24.0.0'))).toMatchObject({ status: 'ok' });
    expect(await run(programsCheck(() => [{ name: 'nginx', package: 'nginx-light' }]))).toMatchObject({
      status: 'fail',
      fix: 'apt-get update && apt-get install --yes nginx-light',
    });
    expect(
      await run(
        engineCheck(
          async () => undefined,
          () => true,
        ),
      ),
    ).toMatchObject({ fix: 'systemctl start docker' });
    expect(
      await run(
        engineCheck(
          async () => undefined,
          () => false,
        ),
      ),
    ).toMatchObject({ fix: START_AGAIN });
  });

  test.each([
    ['1.1.5', 'warn'],
    ['1.1.5+ds1-1+deb12u1', 'ok'],
    ['1.1.12', 'ok'],
    ['1.2.0', 'ok'],
  ])('runc %s: %s', async (version, status) => {
    expect((await run(runcCheck(async () => version))).status).toBe(status);
  });

  test('a clock that is off is told by how much', async () => {
    const theirs = new Date(Date.now() + 90_000);
    expect((await run(clockCheck(async () => theirs))).message).toContain('90.0 s apart');
  });

  test('little space warns, none fails, and so do inodes', async () => {
    const GIB = 1024 ** 3;
    const disk = (freeGib: number, freeInodes = 900) =>
      run(diskCheck(['/data'], async () => ({ freeBytes: freeGib * GIB, freeInodes, totalInodes: 1000 })));
    expect((await disk(50)).status).toBe('ok');
    expect((await disk(5)).status).toBe('warn');
    expect((await disk(1)).status).toBe('fail');
    expect((await disk(50, 10)).message).toContain('inodes');
  });
});

describe("the seed's first trouble: permission denied on the stores' folder", () => {
  let customersDir: string;
  const isRoot = process.getuid?.() === 0;
  beforeEach(() => {
    customersDir = mkdtempSync(join(tmpdir(), "shophosting customer's-"));
    chmodSync(customersDir, 0o750);
    mkdirSync(join(customersDir, 'stores/sto_1/data/uploads'), { recursive: true, mode: 0o750 });
  });
  afterEach(() => rmSync(customersDir, { recursive: true, force: true }));

  const check = (): Check =>
    storeFoldersCheck({
      customersDir,
      activeStores: async () => [aStore({ uid: 230_000 })],
      dataFoldersOf: () => ['uploads'],
    });
  /** As an operator would: the printed line, into a shell. */
  const applyFix = async (fix: string | null): Promise<void> => void (await execa('sh', ['-c', fix ?? 'exit 1']));

  test.runIf(isRoot)(
    'wrong owners, wrong modes and missing folders are named, and the printed fix mends them all',
    async () => {
      const uploads = join(customersDir, 'stores/sto_1/data/uploads');
      writeFileSync(join(uploads, 'a.png'), '');
      chownSync(join(customersDir, 'stores'), 1000, 1000);
      chmodSync(join(customersDir, 'stores/sto_1'), 0o777);

      const found = await run(check());

      expect(found.status).toBe('fail');
      for (const part of [
        'belongs to user 1000, not 0',
        'mode 777, not 750',
        'uploads belongs to user 0, not 230000',
      ]) {
        expect(found.message).toContain(part);
      }
      await applyFix(found.fix);
      expect(await run(check())).toMatchObject({ status: 'ok' });
      expect(statSync(join(uploads, 'a.png')).uid).toBe(230_000);
    },
  );

  test.runIf(isRoot)('a folder that is gone is made again by the printed fix', async () => {
    rmSync(join(customersDir, 'stores'), { recursive: true });
    const noStores = storeFoldersCheck({ customersDir, activeStores: async () => [], dataFoldersOf: () => [] });

    const found = await run(noStores);

    await applyFix(found.fix);
    expect(await run(noStores)).toMatchObject({ status: 'ok' });
  });
});

describe("the seed's second trouble: the worker does not process", () => {
  const NOW = new Date('2026-11-23T12:00:00Z');
  const worker = (facts: { silentMs?: number; waitedMinutes?: number; active?: number; isUpRunning?: boolean }) =>
    run(
      workerCheck({
        workers: async () => [{ pid: 1, hostname: 'a', silentMs: facts.silentMs ?? 0 }],
        runs: async () => ({
          waiting: facts.waitedMinutes === undefined ? 0 : 3,
          active: facts.active ?? 0,
          failed: 0,
          oldestWaitingAt:
            facts.waitedMinutes === undefined ? null : new Date(NOW.getTime() - facts.waitedMinutes * 60_000),
        }),
        isUpRunning: async () => facts.isUpRunning ?? true,
        now: () => NOW,
      }),
    );

  test('no sign of life: start or restart, whichever is possible', async () => {
    expect(await worker({ silentMs: 60_000 })).toMatchObject({ status: 'fail', fix: 'shopctl restart worker' });
    expect(await worker({ silentMs: 60_000, isUpRunning: false })).toMatchObject({ fix: 'shopctl up --detach' });
  });

  test('a queue that does not move fails; a long one that moves only warns', async () => {
    expect(await worker({ waitedMinutes: 10 })).toMatchObject({ status: 'fail' });
    expect(await worker({ waitedMinutes: 10, active: 4 })).toMatchObject({ status: 'warn' });
    expect(await worker({})).toMatchObject({ status: 'ok' });
  });
});

describe("the seed's third trouble: containers that don't start", () => {
  test('each broken store is named with its services, and the fix repairs them', async () => {
    const check = storeContainersCheck({
      stores: async () => [aStore(), aStore({ id: 'sto_2', name: 'other' })],
      look: async ({ id }) => looksOf({ web: 'running', db: id === 'sto_1' ? 'stopped' : 'running' }),
    });
    expect(await run(check)).toEqual(fail('demo: db is stopped.', 'shopctl store repair sto_1'));
  });

  test('what an ill service says of itself is told with it', async () => {
    const check = storeContainersCheck({
      stores: async () => [aStore()],
      look: async () => ({
        web: { state: 'unhealthy', said: 'search: Operation timed out' },
        search: { state: 'unhealthy', said: 'its processes are frozen' },
      }),
    });
    expect((await run(check)).message).toBe(
      'demo: web is unhealthy (search: Operation timed out), search is unhealthy (its processes are frozen).',
    );
  });

  test('stores that failed are told with their reason', async () => {
    const error = {
      code: 'container_unhealthy',
      message: 'web did not get healthy',
      step: 'start-containers',
    } as Store['error'];
    const check = storeContainersCheck({
      stores: async () => [aStore({ status: 'failed', error })],
      look: async () => ({}),
    });
    expect(await run(check)).toEqual({
      status: 'warn',
      message: 'demo failed at start-containers: web did not get healthy',
      fix: 'shopctl store retry sto_1',
    });
  });
});

describe("the seed's fourth trouble: database connection", () => {
  const database = (facts: Partial<DatabaseFacts> | Error, managed = true) =>
    run(
      databaseCheck({
        managed,
        address: '127.0.0.1:13306',
        inspect: async () => {
          if (facts instanceof Error) throw facts;
          return { version: '9.7.4', pendingMigrations: [], foreignKeys: { found: 13, wanted: 13 }, ...facts };
        },
      }),
    );

  test('one that knows nothing of stores here fails with both ways out; the known and a new one are fine', async () => {
    const look = { identity: 'x', forgotten: ['sto_1'] };
    const strange = await run(knownDatabaseCheck(async () => ({ ...look, kind: 'strange' })));
    expect(strange).toMatchObject({ status: 'fail', message: expect.stringContaining('1 store here') });
    expect(strange.fix).toMatch(/backup.*shopctl database accept/);
    for (const kind of ['known', 'new'] as const) {
      expect((await run(knownDatabaseCheck(async () => ({ ...look, kind })))).status).toBe('ok');
    }
  });

  test('unreachable, too old, not migrated, changed by hand: each told apart', async () => {
    expect(await database(new Error('connect ECONNREFUSED'))).toMatchObject({ status: 'fail', fix: START_AGAIN });
    expect((await database(new Error('no'), false)).fix).toContain('DB_');
    expect(await database({ version: '8.0.36' })).toMatchObject({ status: 'fail' });
    expect(await database({ version: '10.6.1-MariaDB' })).toMatchObject({ status: 'fail' });
    expect(await database({ version: '10.11.6-MariaDB-log' })).toMatchObject({ status: 'ok' });
    expect(await database({ pendingMigrations: ['021-x'] })).toMatchObject({ fix: 'shopctl migrate' });
    expect((await database({ foreignKeys: { found: 12, wanted: 13 } })).message).toContain('12 of 13');
  });
});

describe('the other parts', () => {
  test('a Redis that may drop jobs fails with the command that sets it', async () => {
    const redis = (facts: { appendOnly?: boolean; evictionPolicy?: string }) =>
      run(
        redisCheck({
          managed: false,
          host: 'r',
          port: 6379,
          ping: async () => ({ appendOnly: true, evictionPolicy: 'noeviction', version: '8', ...facts }),
        }),
      );
    expect(await redis({ evictionPolicy: 'allkeys-lru' })).toMatchObject({
      status: 'fail',
      fix: 'redis-cli -h r -p 6379 config set maxmemory-policy noeviction',
    });
    expect(await redis({ appendOnly: false })).toMatchObject({ status: 'warn' });
    expect(await redis({})).toMatchObject({ status: 'ok' });
  });

  test('an edge that cannot start names the port that somebody holds', async () => {
    const edge = (isPortFree: boolean) =>
      run(
        edgeCheck({
          isRunning: async () => undefined,
          answers: async () => 1,
          isPortFree: async () => isPortFree,
          ports: [8080, 8443],
        }),
      );
    expect((await edge(false)).message).toContain('port 8080 is held');
    expect(await edge(true)).toMatchObject({ fix: 'shopctl restart edge' });
  });

  test('a pool that runs dry names its setting', async () => {
    const pools = (used: number) =>
      run(poolsCheck(async () => [{ name: 'ports', size: 100, used, setting: 'PORT_RANGE_MAX' }]));
    expect(await pools(100)).toMatchObject({ status: 'fail', fix: expect.stringContaining('PORT_RANGE_MAX') });
    expect(await pools(95)).toMatchObject({ status: 'warn' });
    expect(await pools(5)).toEqual(ok('95 ports left'));
  });

  test('a platform that cannot be offered is told with the cure', async () => {
    const missing = { reason: 'its archive is not here.', fix: 'shopctl artifacts add FILE' };
    const found = await run(platformsCheck(async () => [{ name: 'wordpress' }, { name: 'woocommerce', missing }]));
    expect(found).toMatchObject({ status: 'warn', fix: 'shopctl artifacts add FILE' });
    expect(found.message).toContain('Offered: wordpress.');
  });

  test('no mail server is fine in development, not in production', async () => {
    const mail = (isProduction: boolean) =>
      run(mailCheck({ smtp: undefined, check: async () => '', outbox: '/o', isProduction }));
    expect(await mail(false)).toMatchObject({ status: 'ok' });
    expect(await mail(true)).toMatchObject({ status: 'warn' });
  });

  test('a ledger that is not as it was sealed fails with the command that says where', async () => {
    const ledger = (verdict: Partial<LedgerVerdict>) =>
      run(ledgerCheck(async () => ({ ok: true, verified: 0, unsealed: 0, head: null, problem: null, ...verdict })));
    const problem = { kind: 'changed', position: 3, lineId: 9, message: 'Line 9 was changed.' } as const;

    expect(await ledger({})).toMatchObject({ status: 'ok', message: 'No line is sealed yet.' });
    expect(await ledger({ verified: 12, unsealed: 2 })).toMatchObject({
      status: 'ok',
      message: 'The newest 12 lines are as sealed; 2 are not sealed yet.',
    });
    expect(await ledger({ ok: false, problem })).toEqual({
      status: 'fail',
      message: 'The ledger was tampered with: Line 9 was changed.',
      fix: 'shopctl audit verify',
    });
  });

  test('secrets that others can read fail with the command that shuts them', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'shophosting-secrets-'));
    mkdirSync(join(dataDir, 'secrets'), { mode: 0o700 });
    writeFileSync(join(dataDir, 'secrets/secret-key'), 'x', { mode: 0o600 });
    const check = (key = 'kW8s0mVtq3n5ZyXb7cRfGhJu2pLe9aDd') =>
      run(secretsCheck({ dataDir, secretKey: key, isGuessable: () => false }));

    expect(await check()).toMatchObject({ status: 'ok' });
    expect(await check('short')).toMatchObject({ status: 'warn' });
    chmodSync(join(dataDir, 'secrets/secret-key'), 0o644);
    const found = await check();
    await execa('sh', ['-c', found.fix ?? 'exit 1']);
    expect(found.status).toBe('fail');
    expect(await check()).toMatchObject({ status: 'ok' });
    rmSync(dataDir, { recursive: true });
  });
});

describe('the web process', () => {
  const aCheck = (
    answers: Partial<Record<'/healthz' | '/readyz', { status: number; state: string | undefined }>>,
    isUp = true,
  ) =>
    webCheck({
      ask: async (path) => {
        const answer = answers[path];
        if (answer === undefined) throw new Error('refused');
        return answer;
      },
      port: 5000,
      isUpRunning: async () => isUp,
    });
  const healthz = { status: 200, state: 'ok' };

  test('that does not answer is restarted, or started with all the rest', async () => {
    expect(await run(aCheck({}))).toMatchObject({ status: 'fail', fix: 'shopctl restart web' });
    expect(await run(aCheck({}, false))).toMatchObject({ status: 'fail', fix: 'shopctl up --detach' });
  });

  test('that lacks something is a warning, since what it lacks fails by itself', async () => {
    expect(await run(aCheck({ '/healthz': healthz, '/readyz': healthz }))).toMatchObject({ status: 'ok' });
    for (const answer of [
      { status: 200, state: 'degraded' },
      { status: 503, state: 'down' },
    ]) {
      expect(await run(aCheck({ '/healthz': healthz, '/readyz': answer }))).toMatchObject({ status: 'warn' });
    }
  });
});
