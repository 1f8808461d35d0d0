import { describe, expect, it } from 'vitest';
import { AT, aView, shopctl } from '../../test/fakes/shopctl.ts';
import { AppError } from '../domain/errors.ts';
import type { CliActions } from './actions.ts';

describe('the command line itself', () => {
  it('shows help without opening anything, for every way to ask', async () => {
    for (const line of [[], ['-h'], ['--help'], ['help'], ['store', '--help'], ['help', 'store']]) {
      const { code, stdout, opened } = await shopctl(line);
      expect([code, opened, stdout.includes('Usage: shopctl')], line.join(' ')).toEqual([0, 0, true]);
    }
  });

  it('has every command of the contract', async () => {
    const commands: Record<string, string> = {
      '': 'up down restart logs status doctor config migrate images artifacts store queue job customer admin mail version help',
      images: 'prepare list',
      artifacts: 'list add',
      store: 'create list show credentials logs retry repair delete',
      job: 'list retry',
      customer: 'list show reset-second-factor',
      admin: 'create',
      mail: 'preview test',
    };
    for (const [group, names] of Object.entries(commands)) {
      const { stdout } = await shopctl([...(group === '' ? [] : [group]), '--help']);
      for (const name of names.split(' ')) expect(stdout, group).toMatch(new RegExp(`^  ${name}\\b`, 'm'));
    }
  });

  it('prints the version as data', async () => {
    expect((await shopctl(['version', '--json'])).json()).toMatchObject({ version: '1.2.3' });
    expect((await shopctl(['--version'])).stdout).toBe('1.2.3');
  });

  it.each([
    { line: ['stor', 'list'], says: 'Did you mean store?' },
    { line: ['store', 'lst'], says: 'Did you mean list?' },
    { line: ['store', 'list', '--statsu', 'x'], says: 'Did you mean --status?' },
    { line: ['store', 'create', '--name', 'demo'], says: "required option '--platform" },
    { line: ['store', 'show'], says: "missing required argument 'id'" },
    { line: ['restart', 'mysql'], says: 'Allowed choices are web, worker, edge' },
    { line: ['store', 'list', 'extra'], says: 'too many arguments' },
    { line: ['store'], says: 'Usage: shopctl store' },
  ])('a wrong line ends with 2 and says why: $line', async ({ line, says }) => {
    const { code, stdout, stderr } = await shopctl(line);

    expect(code).toBe(2);
    expect(stderr).toContain(says);
    expect(stdout).toBe('');
  });

  it('a wrong line with --json also prints the error as an object', async () => {
    const { code, json } = await shopctl(['store', 'create', '--json']);

    expect(code).toBe(2);
    expect(json()).toMatchObject({ error: { code: 'invalid_input' } });
  });

  it.each([
    ['not_found', 3],
    ['permission_denied', 4],
    ['name_taken', 5],
    ['not_allowed_now', 5],
    ['invalid_input', 2],
    ['configuration_invalid', 78],
    ['database_unavailable', 1],
  ] as const)('the error %s ends with %i, as message and as object', async (code, exit) => {
    const listStores = () => Promise.reject(new AppError(code, 'It is so.', { hint: 'Do this.' }));

    const plain = await shopctl(['store', 'list'], { listStores });
    const asJson = await shopctl(['store', 'list', '--json'], { listStores });

    expect([plain.code, plain.stdout, plain.stderr]).toEqual([exit, '', 'Error: It is so.\n  Do this.']);
    expect([asJson.code, asJson.json()]).toEqual([exit, { error: { code, message: 'It is so.', hint: 'Do this.' } }]);
  });

  it('a bug shows its stack only when asked, and everything opened is closed', async () => {
    const quiet = await shopctl(['store', 'list']);
    const loud = await shopctl(['store', 'list', '--debug']);

    expect([quiet.code, quiet.closed]).toEqual([1, 1]);
    expect(quiet.stderr).not.toContain('run-cli.test');
    expect(loud.stderr).toContain('run-cli.test');
  });

  it('what an error came from, and how long it took, is told when asked, and never beside the data', async () => {
    const cause = new Error('connect ECONNREFUSED', { cause: 'a socket\nof two lines' });
    const listStores = () => Promise.reject(new AppError('database_unavailable', 'No database.', { cause }));

    const quiet = await shopctl(['store', 'list'], { listStores });
    const loud = await shopctl(['-v', 'store', 'list'], { listStores });
    const well = await shopctl(['store', 'list', '--verbose'], { listStores: async () => [aView()] });

    expect(quiet.stderr).not.toContain('ECONNREFUSED');
    expect(loud.stderr.split('\n').slice(-3)).toEqual([
      '  because: connect ECONNREFUSED',
      expect.stringMatching(/^ {2}because: a socket\S+of two lines$/),
      expect.stringMatching(/^It took /),
    ]);
    expect(well.stderr).toMatch(/^It took [^\n]+$/);
    expect(well.stdout.split('\n')).toHaveLength(1);
  });

  it('says who acts, as the ledger names them, and at which platform', async () => {
    const whoAmI = async () => ({
      ...{ name: 'ann', actor: 'operator:ann' },
      ...{ publicUrl: 'https://panel.test/', dataDir: '/var/lib/shop' },
    });
    const { code, stdout } = await shopctl(['whoami'], { whoAmI });

    expect([code, stdout.split('\n')[1]]).toEqual([0, 'in the ledger\toperator:ann']);
  });

  it('Ctrl-C ends with 130, whatever the work threw on its way out', async () => {
    const interrupt = new AbortController();
    const prepareImages: CliActions['prepareImages'] = () => {
      interrupt.abort(new Error('Interrupted by SIGINT.'));
      return Promise.reject(new AppError('command_failed', 'mmdebstrap was cancelled'));
    };

    const { code, stderr } = await shopctl(['images', 'prepare'], { prepareImages }, { interrupt: interrupt.signal });

    expect([code, stderr]).toEqual([130, expect.stringContaining('Interrupted')]);
  });

  it('takes --json before, between and behind the words of a command', async () => {
    const listStores = async () => [aView()];
    for (const line of [
      ['--json', 'store', 'list'],
      ['store', '--json', 'list'],
      ['store', 'list', '--json'],
    ]) {
      expect((await shopctl(line, { listStores })).json()).toMatchObject({ items: [{ id: 'sto_01abc' }] });
    }
  });
});

describe('lists', () => {
  it('are tab-separated lines for pipes and a table for people; what could repaint a terminal is escaped', async () => {
    const listStores = async () => [aView({ name: 'de\u001b[31m\tmo' })];

    const piped = await shopctl(['store', 'list'], { listStores });
    const seen = await shopctl(['store', 'list'], { listStores }, { terminal: true });

    expect(piped.stdout.split('\t')).toHaveLength(7);
    expect(piped.stdout).toContain('de\\u001b[31m\\u0009mo');
    expect(seen.stdout).toMatch(/^ID .*NAME/);
  });

  it('say what to do next when they are empty, but not on standard output', async () => {
    const { stdout, stderr, code } = await shopctl(['store', 'list'], { listStores: async () => [] });

    expect([code, stdout]).toEqual([0, '']);
    expect(stderr).toContain('shopctl store create');
  });
});

describe('the platform', () => {
  const services = Object.fromEntries(
    ['mysql', 'redis', 'docker', 'edge', 'web', 'worker'].map((name) => [name, { state: 'up', detail: '' } as const]),
  ) as Awaited<ReturnType<CliActions['status']>>['services'];
  const status = {
    version: '1',
    publicUrl: 'p',
    edge: { http: 80, https: 443 },
    caFile: 'c',
    services,
    stores: { byStatus: { active: 2 } },
  };

  it('status ends with 0 only when ready', async () => {
    const ready = await shopctl(['status', '--json'], { status: async () => ({ ...status, ready: true }) });
    const not = await shopctl(['status'], { status: async () => ({ ...status, ready: false }) });

    expect([ready.code, ready.json()['ready']]).toEqual([0, true]);
    expect([not.code, not.stderr]).toEqual([1, expect.stringContaining('shopctl doctor')]);
  });

  it('doctor ends with 7 when something fails, and prints the fix', async () => {
    const checks = [{ name: 'worker', status: 'fail', message: 'No worker.', fix: 'shopctl restart worker' }] as const;

    const { code, stdout } = await shopctl(['doctor'], { doctor: async () => ({ ok: false, checks }) });

    expect(code).toBe(7);
    expect(stdout).toContain('✘ worker: No worker.\n    fix: shopctl restart worker');
  });

  it('up makes a demo store only when asked, and the last word counts', async () => {
    const asked: boolean[] = [];
    const up: CliActions['up'] = async ({ demo }) => void asked.push(demo);

    for (const line of [['up'], ['up', '--demo'], ['up', '--demo', '--no-demo']]) await shopctl(line, { up });

    expect(asked).toEqual([false, true, false]);
  });

  it('up --detach is handed on, for whoever starts it in the background', async () => {
    const asked: unknown[] = [];
    const up: CliActions['up'] = async ({ detach }) => void asked.push(detach);

    await shopctl(['up', '--detach'], { up });

    expect(asked).toEqual([true]);
  });

  it('logs with --json are one list, while following one object per line', async () => {
    const line = { service: 'worker', at: null, line: 'hello' };
    const logs: CliActions['logs'] = async ({ onLine }) => {
      onLine(line);
      onLine(line);
    };

    const list = await shopctl(['logs', 'worker', '--json'], { logs });
    const stream = await shopctl(['logs', '--follow', '--json'], { logs });

    expect(list.json()).toEqual({ items: [line, line] });
    expect(stream.stdout.split('\n').map((text) => JSON.parse(text) as unknown)).toEqual([line, line]);
  });

  it('--quiet keeps messages away, never data', async () => {
    const migrate: CliActions['migrate'] = async ({ onProgress }) => {
      onProgress('working');
      return { upToDate: false, applied: [], pending: ['002'] };
    };

    const { stdout, stderr } = await shopctl(['migrate', '--status', '--quiet'], { migrate });

    expect(stderr).toBe('');
    expect(stdout).toContain('pending\t002');
  });
});

const OPERATOR = {
  id: 'cus_1',
  email: 'ops@example.com',
  role: 'operator',
  isVerified: true,
  hasSecondFactor: false,
  createdAt: AT,
} as const;

it('customer list and show say whose address is confirmed, and who has a second factor', async () => {
  const listCustomers = async () => [OPERATOR, { ...OPERATOR, id: 'cus_2', isVerified: false, hasSecondFactor: true }];
  const findCustomer = async () => ({ ...OPERATOR, stores: [] });

  const list = await shopctl(['customer', 'list'], { listCustomers });
  expect(list.stdout.split('\n').map((line) => line.split('\t').slice(-2))).toEqual([
    ['yes', 'no'],
    ['no', 'yes'],
  ]);
  const { json, stdout } = await shopctl(['customer', 'show', 'cus_1', '--json'], { findCustomer });
  expect(json()).toMatchObject({ isVerified: true, hasSecondFactor: false });
  expect(stdout).not.toContain('second factor');
});

describe('admin create', () => {
  it('takes a password from standard input, never from the line', async () => {
    const asked: unknown[] = [];
    const createAdmin: CliActions['createAdmin'] = async (input) => {
      asked.push(input);
      return { ...OPERATOR, email: input.email };
    };

    const { code } = await shopctl(['admin', 'create', '--email', 'a@example.com', '--password-stdin'], {
      createAdmin,
    });

    expect(code).toBe(0);
    expect(asked).toEqual([{ email: 'a@example.com', password: 'from stdin' }]);
    expect((await shopctl(['admin', 'create', '--email', 'a', '--password', 'x'], { createAdmin })).code).toBe(2);
  });
});
