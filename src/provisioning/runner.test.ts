import { describe, expect, test } from 'vitest';
import { aRun, aStore } from '../../test/fakes/fake-world.ts';
import { AppError, LeaseLostError } from '../domain/errors.ts';
import type { StepName } from '../domain/run.ts';
import { createRunner, type Journal, StepFailedError } from './runner.ts';
import type { Step, StepContext } from './step.ts';

const LEASE = { storeId: 'sto_1', runId: 'run_1', owner: 'w', fence: 1 };

const NO_CHANGES = {
  resize: [],
  restart: [],
  'change-address': [],
  configure: [],
  'rotate-admin': [],
  'rotate-database': [],
  suspend: [],
  resume: [],
  'schedule-delete': [],
  'undo-delete': [],
};

function aStep(name: StepName, ensure: (context: StepContext) => Promise<void>, changes: Partial<Step> = {}): Step {
  return {
    name,
    title: name,
    deadlineMs: 1000,
    retry: { attempts: 3, backoffMs: 1 },
    ensure: (_store, context) => ensure(context),
    ...changes,
  };
}

function bench(steps: readonly Step[], done: readonly StepName[] = []) {
  const lines: string[] = [];
  const journal: Journal = {
    stepStarted: async (_lease, step) => void lines.push(`${step} started`),
    stepDone: async (_lease, step, tail, next) => {
      lines.push(`${step} done${tail ? ` [${tail}]` : ''}`);
      if (next !== undefined) lines.push(`${next} started`);
    },
    stepFailed: async (_lease, step, error, tail, { willRetry }) =>
      void lines.push(`${step} ${willRetry ? 'retrying' : 'failed'}: ${error.code}${tail ? ` [${tail}]` : ''}`),
    stepUndone: async (_lease, step) => void lines.push(`${step} undone`),
  };
  const stopper = new AbortController();
  const walk = {
    run: aRun((name) => (done.includes(name) ? 'done' : 'waiting')),
    lease: LEASE,
    signal: stopper.signal,
    loadStore: async () => aStore(),
  };
  return {
    lines,
    stopper,
    walk,
    runner: createRunner({ steps, changes: NO_CHANGES, journal, now: () => new Date(0) }),
  };
}

describe('provision', () => {
  test('walks in order and skips what the journal says is done', async () => {
    const steps = [aStep('create-directory', async () => undefined), aStep('issue-secrets', async () => undefined)];
    const { runner, walk, lines } = bench(steps, ['create-directory']);

    await runner.provision(walk);

    expect(lines).toEqual(['issue-secrets started', 'issue-secrets done']);
  });

  test('a step that may heal is tried again, with its log, until its attempts are used up', async () => {
    const step = aStep('start-containers', async ({ log }) => {
      log('looking');
      throw new AppError('container_unhealthy', 'no', { retryable: true, logTail: 'db: crashed' });
    });
    const { runner, walk, lines } = bench([step]);

    await expect(runner.provision(walk)).rejects.toMatchObject({
      step: 'start-containers',
      code: 'container_unhealthy',
    });

    expect(lines).toEqual([
      'start-containers started',
      'start-containers retrying: container_unhealthy [looking\ndb: crashed]',
      'start-containers started',
      'start-containers retrying: container_unhealthy [looking\ndb: crashed]',
      'start-containers started',
      'start-containers failed: container_unhealthy [looking\ndb: crashed]',
    ]);
  });

  test('an error that time does not heal fails at once', async () => {
    const { runner, walk, lines } = bench([
      aStep('route-traffic', () => Promise.reject(new AppError('route_refused', 'no'))),
    ]);

    await expect(runner.provision(walk)).rejects.toBeInstanceOf(StepFailedError);

    expect(lines).toEqual(['route-traffic started', 'route-traffic failed: route_refused']);
  });

  test.each(['listens to its signal', 'listens to nothing'])(
    'a hung step that %s ends at its deadline',
    async (kind) => {
      const hang = ({ signal }: StepContext): Promise<void> =>
        new Promise((_resolve, reject) => {
          if (kind === 'listens to its signal') signal.addEventListener('abort', () => reject(signal.reason as Error));
        });
      const step = aStep('install-application', hang, { deadlineMs: 20, retry: { attempts: 2, backoffMs: 1 } });
      const { runner, walk, lines } = bench([step]);

      await expect(runner.provision(walk)).rejects.toMatchObject({ code: 'step_timed_out' });

      expect(lines.filter((line) => line.includes('step_timed_out'))).toHaveLength(2);
    },
  );

  test('a worker that is told to stop gives no verdict', async () => {
    const { runner, walk, lines, stopper } = bench([
      aStep('start-containers', async ({ signal }) => {
        stopper.abort(new Error('stopping'));
        signal.throwIfAborted();
      }),
    ]);

    await expect(runner.provision(walk)).rejects.toThrow('stopping');

    expect(lines).toEqual(['start-containers started']);
  });

  test('a lost lease ends the walk without another word in the journal', async () => {
    const { runner, walk, lines } = bench([
      aStep('issue-secrets', () => Promise.reject(new LeaseLostError('sto_1', 1))),
      aStep('render-compose', async () => undefined),
    ]);

    await expect(runner.provision(walk)).rejects.toBeInstanceOf(LeaseLostError);

    expect(lines).toEqual(['issue-secrets started']);
  });
});

test('repair skips nothing', async () => {
  const { runner, walk, lines } = bench([aStep('create-directory', async () => undefined)], ['create-directory']);

  await runner.repair(walk);

  expect(lines).toEqual(['create-directory started', 'create-directory done']);
});

test('teardown walks backward and stops at the first refusal', async () => {
  const undone: string[] = [];
  const step = (name: StepName, refuses = false): Step =>
    aStep(name, async () => undefined, {
      undo: async () => {
        if (refuses) throw new AppError('command_failed', 'busy');
        undone.push(name);
      },
    });
  const { runner, walk } = bench([step('create-directory'), step('start-containers', true), step('route-traffic')]);

  await expect(runner.teardown(walk)).rejects.toMatchObject({ step: 'start-containers' });

  expect(undone).toEqual(['route-traffic']);
});
