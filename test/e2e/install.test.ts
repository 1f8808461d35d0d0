import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { probeUntil } from '../../src/lib/deadline.ts';
import { packageRoot } from '../../src/lib/package-root.ts';
import { MINUTE, SECOND } from '../../src/lib/time.ts';
import type { StoreView } from '../../src/stores/present-store.ts';
import { bootMachine, type Machine } from './machine.ts';

const UNITS = ['services', 'edge', 'worker', 'web'].map((name) => `shophosting-${name}.service`);
const UNIT_FOLDER = '/etc/systemd/system';
/** What `systemd-analyze security` may say at most: 0 is closed, 10 is open. Only web can be closed. */
const EXPOSURE = { services: 3.2, edge: 3.7, worker: 3.4, web: 1.6 };

let machine: Machine;
beforeAll(async () => {
  // The machine sees the checkout read-only, so it has to be built.
  await once(spawn(process.execPath, [join(packageRoot(), 'bin/shopctl'), '--version'], { stdio: 'ignore' }), 'exit');
  machine = await bootMachine();
});
afterAll(() => machine?.destroy());

interface Installed {
  readonly changes: readonly { readonly what: string; readonly lines: readonly string[] }[];
}

/** `shopctl install` of the checkout, as an administrator types it for a trial on localhost. */
async function install(...options: string[]): Promise<Installed> {
  const argv = ['node', '/opt/shophosting/bin/shopctl', 'install', '--json', '--quiet', ...options];
  return JSON.parse(await machine.ok('env', 'NODE_ENV=development', 'WORKER_PROCESSES=2', ...argv)) as Installed;
}

const shopctl = async (...args: string[]): Promise<Record<string, unknown>> =>
  JSON.parse(await machine.ok('shopctl', ...args, '--json', '--quiet')) as Record<string, unknown>;

async function pidOf(unit: string): Promise<number> {
  return Number(await machine.ok('systemctl', 'show', '--property=MainPID', '--value', unit));
}

/** A visitor on the machine, the certificate checked against the platform's CA. Tells the status, or why there is none. */
async function visit(host: string): Promise<string> {
  const script = `
    const ca = require('node:fs').readFileSync('/var/lib/shophosting/certificates/local-ca/ca.crt');
    require('node:https')
      .get({ host: '127.0.0.1', servername: '${host}', headers: { host: '${host}' }, ca }, (answer) => {
        console.log(answer.statusCode);
        process.exit();
      })
      .on('error', (error) => console.log(error.code));`;
  return (await machine.run('node', '-e', script)).output.trim();
}

describe('shopctl install', () => {
  test('shows with --dry-run all that it would do, and does none of it', async () => {
    const { changes } = await install('--dry-run');

    const what = changes.map((change) => change.what);
    expect(what).toEqual(
      expect.arrayContaining([
        'account shophosting-web',
        'Docker engine',
        '/etc/shophosting/shophosting.env',
        '/usr/local/bin/shopctl',
        ...UNITS.map((unit) => `${UNIT_FOLDER}/${unit}`),
        'systemctl start shophosting.target',
      ]),
    );
    for (const path of [`${UNIT_FOLDER}/shophosting.target`, '/etc/shophosting', '/var/lib/shophosting/choices.json'])
      expect((await machine.run('test', '-e', path)).exitCode).toBe(1);
    expect((await machine.run('id', 'shophosting-web')).exitCode).not.toBe(0);
  });

  test('brings everything up, and has nothing to do the second time', async () => {
    await install();

    const status = await shopctl('status');
    const pid = await pidOf('shophosting-web.service');
    expect(status).toMatchObject({ ready: true, services: { web: { state: 'up', pid } } });
    expect((status as { services: { worker: { pids: number[] } } }).services.worker.pids).toHaveLength(2);
    expect(await visit('localhost')).toBe('200');
    expect((await install()).changes).toEqual([]);
    expect(await machine.ok('stat', '--format=%a %U', '/etc/shophosting/shophosting.env')).toBe('600 root\n');
  });

  test('puts units in place in which systemd finds no fault, and that are as closed as they can be', async () => {
    const paths = [...UNITS, 'shophosting.target'].map((unit) => `${UNIT_FOLDER}/${unit}`);
    expect(await machine.ok('systemd-analyze', 'verify', '--man=no', ...paths)).toBe('');

    for (const [name, limit] of Object.entries(EXPOSURE)) {
      const told = await machine.ok('systemd-analyze', 'security', '--no-pager', `shophosting-${name}.service`);
      const exposure = Number(/Overall exposure level for .*: (\d+\.\d+)/.exec(told)?.[1] ?? 'none');
      expect({ name, isWithin: exposure <= limit, exposure }).toMatchObject({ name, isWithin: true });
    }
  });

  test('keeps the web process from all that is not for it', async () => {
    const pid = String(await pidOf('shophosting-web.service'));
    const [uid, gid] = (await machine.ok('stat', '--format=%u %g', `/proc/${pid}`)).trim().split(' ');
    const asWeb = (...argv: string[]) =>
      machine.run('nsenter', `--target=${pid}`, '--mount', `--setuid=${uid}`, `--setgid=${gid}`, '--', ...argv);

    const status = await machine.ok('cat', `/proc/${pid}/status`);
    expect(status).toMatch(/^CapBnd:\t0+$/m);
    expect(status).toMatch(/^NoNewPrivs:\t1$/m);
    expect(status).toMatch(/^Seccomp:\t2$/m);
    expect((await asWeb('cat', '/var/lib/shophosting/run/web/config.json')).exitCode).toBe(0);
    const closed = ['secrets', 'certificates', 'edge', 'logs', 'mysql', 'redis'].map(
      (name) => `/var/lib/shophosting/${name}`,
    );
    for (const path of [...closed, '/var/customers', '/etc/shophosting', '/root']) {
      const { exitCode, output } = await asWeb('ls', path);
      expect({ path, exitCode, output }).toMatchObject({ path, output: expect.stringContaining('Permission denied') });
    }
    const dial = `require('node:net').connect('/run/docker.sock').on('error', (e) => console.log(e.code)).on('connect', () => console.log('open'))`;
    expect((await asWeb('node', '-e', dial)).output.trim()).toBe('EACCES');
    expect((await asWeb('touch', '/var/lib/shophosting/run/web/other')).output).toMatch(/Read-only|Permission denied/);
  });
});

describe('an installed platform', () => {
  let store: StoreView;

  test('makes a store, and answers for it within a minute after a reboot', async () => {
    const wish = ['--platform', 'wordpress', '--name', 'reborn', '--email', 'reborn@example.com'];
    store = (await shopctl('store', 'create', ...wish, '--wait')) as unknown as StoreView;
    expect(store.status).toBe('active');
    expect(await visit(store.domain)).toBe('200');

    await machine.reboot();

    const until = AbortSignal.timeout(MINUTE);
    const answer = await probeUntil(async () => ((await visit(store.domain)) === '200' ? '200' : undefined), {
      signal: until,
      firstDelayMs: 200,
      maxDelayMs: SECOND,
    });
    expect(answer).toBe('200');
    await expect
      .poll(async () => (await machine.run('shopctl', 'status', '--json', '--quiet')).exitCode, { timeout: MINUTE })
      .toBe(0);
  });

  test('is restarted through systemd, and no second one is started beside it', async () => {
    const before = await pidOf('shophosting-web.service');
    await shopctl('restart', 'web');
    expect(await pidOf('shophosting-web.service')).not.toBe(before);

    const { exitCode, output } = await machine.run('shopctl', 'up');
    expect(exitCode).toBe(5);
    expect(output).toContain('systemctl start shophosting.target');
    expect(String(await machine.ok('shopctl', 'logs', 'worker'))).toContain('Worker started');
  });

  test('comes back when one of its processes dies', async () => {
    for (const unit of ['shophosting-web.service', 'shophosting-worker.service', 'shophosting-edge.service']) {
      const before = await pidOf(unit);
      await machine.ok('systemctl', 'kill', '--kill-whom=main', '--signal=KILL', unit);
      await expect
        .poll(() => pidOf(unit), { timeout: 30 * SECOND })
        .toSatisfy((pid: number) => pid > 0 && pid !== before);
    }
    await expect.poll(() => visit(store.domain), { timeout: 30 * SECOND }).toBe('200');
  });

  test('goes down at a word while the shops serve on, and up again', async () => {
    await shopctl('down');
    expect(await visit(store.domain)).toBe('200');
    expect((await machine.run('systemctl', 'is-active', 'shophosting-worker.service')).exitCode).not.toBe(0);

    await machine.ok('systemctl', 'start', 'shophosting.target');
    await expect
      .poll(async () => (await machine.run('shopctl', 'status', '--json', '--quiet')).exitCode, { timeout: MINUTE })
      .toBe(0);
  });
});
