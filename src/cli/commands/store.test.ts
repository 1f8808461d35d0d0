import { describe, expect, it } from 'vitest';
import { AT, aView, shopctl, walk } from '../../../test/fakes/shopctl.ts';
import { AppError } from '../../domain/errors.ts';
import type { StoreView } from '../../stores/present-store.ts';
import type { CliActions, CreateStoreInput } from '../actions.ts';

const failure = (at: string): StoreView['error'] => ({
  code: 'container_unhealthy',
  message: 'web never got healthy.',
  hint: 'Look at its logs.',
  step: 'start-containers',
  retryable: true,
  at,
});

const CREATE = ['store', 'create', '--platform', 'wordpress', '--name', 'demo', '--email', 'o@example.com'];

describe('store create', () => {
  it('hands over what was typed, literally, and names the next command', async () => {
    const asked: CreateStoreInput[] = [];
    const createStore = async (input: CreateStoreInput) => {
      asked.push(input);
      return aView({ status: 'pending' });
    };

    for (const title of ['--exec=echo X', '--json', '-x', '', '$(id) `id` "quoted"\n☃\u202e']) {
      expect((await shopctl([...CREATE, '--title', title], { createStore })).code).toBe(0);
      expect((await shopctl([...CREATE, `--title=${title}`], { createStore })).code).toBe(0);
      expect(asked.splice(0)).toEqual(
        [1, 2].map(() => ({ platform: 'wordpress', name: 'demo', email: 'o@example.com', title })),
      );
    }
    const { stderr } = await shopctl(CREATE, { createStore });
    expect(stderr).toContain('shopctl store show sto_01abc --wait');
    expect(asked).toEqual([{ platform: 'wordpress', name: 'demo', email: 'o@example.com' }]);
  });

  it('--wait ends with 0 when the store is active, telling its steps on standard error', async () => {
    const views = [walk(3), walk(7), walk(10)];

    const { code, json, stderr } = await shopctl([...CREATE, '--wait', '--json'], {
      createStore: async () => walk(0),
      findStore: async () => views.shift(),
    });

    expect(code).toBe(0);
    expect(json()).toMatchObject({ id: 'sto_01abc', status: 'active' });
    expect(stderr).toContain('✔  1/10 Title of create-directory (1.0 s)');
    expect(stderr).toContain('…  4/10 Title of start-containers');
    expect(stderr.match(/✔/g)).toHaveLength(10);
  });

  it('--wait ends with 1 when the store failed, with the reason and the retry', async () => {
    const { code, json, stderr } = await shopctl([...CREATE, '--wait', '--json'], {
      createStore: async () => walk(0),
      findStore: async () => aView({ status: 'failed', error: failure(AT) }),
    });

    expect(code).toBe(1);
    expect(json()).toMatchObject({ status: 'failed', error: { code: 'container_unhealthy' } });
    expect(stderr).toMatch(/web never got healthy[\s\S]*shopctl store retry sto_01abc/);
  });

  it('show tells what is ill, and of a store that is well nothing of the kind', async () => {
    const show = (changes: Partial<StoreView>) =>
      shopctl(['store', 'show', 'demo'], { findStore: async () => aView(changes) });
    const healthDetail = 'search is unhealthy (its processes are frozen)';

    expect((await show({ health: 'degraded', healthDetail })).stdout).toMatch(
      /what is ill\s+search is unhealthy \(its/i,
    );
    expect((await show({})).stdout).not.toMatch(/what is ill/i);
  });

  it('--timeout ends with 6, prints the store as it is and says how to go on looking', async () => {
    const { code, json, stderr } = await shopctl([...CREATE, '--wait', '--timeout', '0.05', '--json'], {
      createStore: async () => walk(0),
      findStore: async () => walk(3),
    });

    expect([code, json()['status']]).toEqual([6, 'provisioning']);
    expect(stderr).toContain('The work goes on. Watch it again: shopctl store show sto_01abc --wait');
  });

  it('Ctrl-C detaches with 130; the work goes on', async () => {
    const interrupt = new AbortController();

    const { code, stderr } = await shopctl(
      [...CREATE, '--wait'],
      {
        createStore: async () => walk(0),
        findStore: async () => {
          interrupt.abort(new Error('Interrupted by SIGINT.'));
          return walk(3);
        },
      },
      { interrupt: interrupt.signal },
    );

    expect(code).toBe(130);
    expect(stderr).toContain('Detached');
  });

  it('goes on looking while the database restarts', async () => {
    const answers = [
      () => Promise.reject(new AppError('database_unavailable', 'Away.', { retryable: true })),
      async () => walk(10),
    ];

    const { code } = await shopctl([...CREATE, '--wait'], {
      createStore: async () => walk(0),
      findStore: () => answers.shift()?.() ?? Promise.resolve(undefined),
    });

    expect(code).toBe(0);
  });

  it.each(['abc', '0', '-1', ''])('a timeout of "%s" is refused before anything is made', async (timeout) => {
    const { code, stderr } = await shopctl([...CREATE, '--wait', '--timeout', timeout]);

    expect(code).toBe(2);
    expect(stderr).toContain('--timeout');
  });
});

describe('store retry, repair, show and credentials', () => {
  it('a failure from before the retry does not count as its result', async () => {
    const views = [aView({ status: 'failed', error: failure(AT) }), walk(5), walk(10)];

    const { code } = await shopctl(['store', 'retry', 'demo', '--wait'], {
      findStore: async (ref) => (ref === 'demo' ? aView({ status: 'failed', error: failure(AT) }) : views.shift()),
      retryStore: async () => aView({ status: 'failed', error: failure(AT) }),
    });

    expect([code, views.length]).toEqual([0, 0]);
  });

  it('repair --wait ends when the new run is done, though the store was active all along', async () => {
    const walked = walk(10, 'active');
    const views = [
      walk(4, 'active'),
      walked,
      { ...walked, run: walked.run && { ...walked.run, status: 'done' as const } },
    ];

    const { code } = await shopctl(['store', 'repair', 'demo', '--wait'], {
      findStore: async (ref) => (ref === 'demo' ? aView() : views.shift()),
      repairStore: async () => walk(0, 'active'),
    });

    expect([code, views.length]).toEqual([0, 0]);
  });

  it('a store that is not there ends with 3', async () => {
    for (const verb of ['show', 'credentials', 'logs', 'retry', 'repair', 'delete']) {
      expect((await shopctl(['store', verb, 'nobody'], { findStore: async () => undefined })).code, verb).toBe(3);
    }
  });

  it('logs are asked for with what was wished, and a level that is none ends with 2', async () => {
    const asked: object[] = [];
    const storeLogs: CliActions['storeLogs'] = async ({ signal: _signal, onLine, ...input }) => {
      asked.push(input);
      onLine({ service: 'web', at: null, line: 'one' });
    };
    const logs = ['store', 'logs', 'demo', '--service', 'web', '--tail', '7', '--since', '1h', '--search', '-x'];

    const { stdout } = await shopctl([...logs, '--level', 'error,warning'], {
      findStore: async () => aView(),
      storeLogs,
    });
    const wrong = await shopctl([...logs, '--level', 'loud'], { findStore: async () => aView(), storeLogs });

    expect(stdout).toContain('one');
    expect(asked).toEqual([
      {
        storeId: 'sto_01abc',
        service: 'web',
        tail: 7,
        since: '1h',
        levels: ['error', 'warning'],
        search: '-x',
        follow: false,
      },
    ]);
    expect(wrong.code).toBe(2);
  });

  it('credentials are those of the store found by name', async () => {
    const credentials = {
      admin: { url: 'u', username: 'shopowner', password: 'p', email: 'e' },
      database: { name: 'shop' },
    };

    const { json } = await shopctl(['store', 'credentials', 'demo', '--json'], {
      findStore: async () => aView(),
      readCredentials: async (id) => (id === 'sto_01abc' ? credentials : Promise.reject(new Error(id))),
    });

    expect(json()).toEqual(credentials);
  });
});

describe('store delete', () => {
  const gone = () => {
    const deleted: string[] = [];
    const views = [aView({ status: 'deleting' })];
    const actions: Partial<CliActions> = {
      findStore: async (ref) => (ref === 'demo' ? aView() : views.shift()),
      deleteStore: async (id) => {
        deleted.push(id);
        return aView({ status: 'deleting' });
      },
    };
    return { deleted, actions };
  };

  it('without --yes and without a person to ask it is a usage error, and nothing is deleted', async () => {
    const { deleted, actions } = gone();

    expect((await shopctl(['store', 'delete', 'demo'], actions)).code).toBe(2);
    expect((await shopctl(['store', 'delete', 'demo', '--json'], actions, { answer: 'demo' })).code).toBe(2);
    const deaf = await shopctl(['--no-input', 'store', 'delete', 'demo'], actions, { answer: 'demo' });
    expect([deaf.code, deaf.stderr]).toEqual([2, expect.stringContaining('--yes')]);
    expect(deleted).toEqual([]);
  });

  it("a person types the store's name; anything else deletes nothing", async () => {
    const { deleted, actions } = gone();

    expect((await shopctl(['store', 'delete', 'demo'], actions, { answer: 'yes' })).code).toBe(1);
    expect(deleted).toEqual([]);
    expect((await shopctl(['store', 'delete', 'demo'], actions, { answer: 'demo' })).code).toBe(0);
    expect(deleted).toEqual(['sto_01abc']);
  });

  it('--wait ends when the store is no longer there', async () => {
    const { deleted, actions } = gone();

    const { code, json, stderr } = await shopctl(['store', 'delete', 'demo', '--yes', '--wait', '--json'], actions);

    expect([code, deleted, json()['id']]).toEqual([0, ['sto_01abc'], 'sto_01abc']);
    expect(stderr).toContain('Nothing of it is left');
  });
});

describe('store rotate', () => {
  it('changes exactly the password that was named', async () => {
    const asked: object[] = [];
    const actions: Partial<CliActions> = {
      findStore: async () => aView(),
      rotateStore: async (input) => {
        asked.push(input);
        return aView({});
      },
    };

    for (const flags of [['--admin'], ['--database'], [], ['--admin', '--database']]) {
      const { code } = await shopctl(['store', 'rotate', 'demo', ...flags], actions);
      expect(code).toBe(flags.length === 1 ? 0 : 2);
    }

    const { id: storeId } = aView({});
    expect(asked).toEqual([
      { storeId, whose: 'admin' },
      { storeId, whose: 'database' },
    ]);
  });
});

it('store restart asks for it by the id of the store that was named', async () => {
  const asked: string[] = [];
  const { code } = await shopctl(['store', 'restart', 'demo'], {
    findStore: async () => aView(),
    restartStore: async (storeId) => {
      asked.push(storeId);
      return aView();
    },
  });

  expect([code, asked]).toEqual([0, ['sto_01abc']]);
});

describe('store suspend, resume and undo-delete', () => {
  const changed = (id: string, status: 'running' | 'done' | 'failed', of: Partial<StoreView> = {}): StoreView => {
    const view = walk(10, of.status ?? 'active');
    const known = failure(AT);
    const error = status === 'failed' && known !== null ? { ...known, message: 'Called off.' } : null;
    return { ...view, ...of, run: view.run && { ...view.run, id, kind: 'suspend', status, error } };
  };

  it('hands over reason and text, and needs a reason', async () => {
    const asked: unknown[] = [];
    const actions: Partial<CliActions> = {
      findStore: async () => aView(),
      suspendStore: async (input) => {
        asked.push(input);
        return aView({ status: 'suspended' });
      },
    };

    expect((await shopctl(['store', 'suspend', 'demo'], actions)).code).toBe(2);
    expect((await shopctl(['store', 'suspend', 'demo', '--reason', '-x', '--text', '--wait'], actions)).code).toBe(0);
    expect(asked).toEqual([{ storeId: 'sto_01abc', reason: '-x', text: '--wait' }]);
  });

  it('--wait ends when that very run has ended, by its own verdict', async () => {
    const watch = (views: StoreView[]) =>
      shopctl(['store', 'resume', 'demo', '--wait'], {
        findStore: async (ref) => (ref === 'demo' ? aView() : views.shift()),
        resumeStore: async () => changed('run_2', 'running'),
      });

    expect((await watch([changed('run_2', 'running'), changed('run_2', 'done')])).code).toBe(0);
    const failed = await watch([changed('run_2', 'running'), changed('run_2', 'failed')]);
    expect([failed.code, failed.stderr.includes('Called off.')]).toEqual([1, true]);
  });

  it('--wait looks at that very run, whichever others have come after it', async () => {
    const later = changed('run_3', 'failed');
    const { code } = await shopctl(['store', 'undo-delete', 'demo', '--wait'], {
      findStore: async (ref, runId) => {
        if (ref === 'demo') return aView();
        return runId === 'run_2' ? changed('run_2', 'done', { status: 'failed' }) : later;
      },
      undoDeleteStore: async () => changed('run_2', 'running', { status: 'deletion-scheduled' }),
    });

    expect(code).toBe(0);
  });
});
