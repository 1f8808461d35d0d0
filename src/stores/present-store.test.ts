import { describe, expect, it } from 'vitest';
import { type Run, STEP_NAMES, type StepRecord, type StepStatus } from '../domain/run.ts';
import type { Store } from '../domain/store.ts';
import { forOwner, presentStore } from './present-store.ts';

const NOW = new Date('2026-11-23T10:00:10.000Z');
const facts = {
  url: 'https://demo.localhost:8443/',
  titleOf: (step: string) => `Title of ${step}`,
  now: NOW,
};

function aStore(changes: Partial<Store> = {}): Store {
  return {
    id: 'sto_01abc',
    customerId: 'cus_01abc',
    customerEmail: 'owner@example.com',
    name: 'demo',
    title: 'Demo',
    start: {},
    platform: 'woocommerce',
    status: 'provisioning',
    health: 'unknown',
    healthDetail: null,
    plan: 'starter',
    adminPath: '/wp-admin/',
    domain: 'demo.localhost',
    primaryDomain: null,
    wishedDomain: null,
    port: 8001,
    uid: 200000,
    network: { subnet: '10.210.0.32/27' },
    images: { web: 'sha256:1' },
    versions: { application: '11.0.1', wordpress: '7.1.4' },
    error: null,
    inMaintenance: false,
    suspension: null,
    deletion: null,
    createdAt: new Date('2026-11-23T10:00:00.000Z'),
    activeAt: null,
    ...changes,
  };
}

function aRun(statuses: readonly StepStatus[], changes: Partial<Run> = {}): Run {
  const steps = STEP_NAMES.map(
    (name, at): StepRecord => ({
      name,
      status: statuses[at] ?? 'waiting',
      startedAt: statuses[at] === undefined ? null : new Date(NOW.getTime() - 3000),
      finishedAt: statuses[at] === 'done' ? new Date(NOW.getTime() - 1000) : null,
      error: null,
      logTail: 'never shown',
    }),
  );
  return {
    id: 'run_01abc',
    storeId: 'sto_01abc',
    kind: 'provision',
    input: {},
    status: 'running',
    attempt: 1,
    steps,
    error: null,
    createdAt: NOW,
    startedAt: NOW,
    finishedAt: null,
    ...changes,
  };
}

describe('presentStore', () => {
  it('has exactly the keys of the contract, and neither UID nor folder nor image', () => {
    const view = presentStore(aStore(), aRun([]), facts);

    expect(Object.keys(view)).toEqual([
      'id',
      'name',
      'title',
      'platform',
      'status',
      'health',
      'url',
      'adminUrl',
      'domain',
      'port',
      'plan',
      'customerId',
      'versions',
      'createdAt',
      'activeAt',
      'run',
      'error',
    ]);
    expect(view.adminUrl).toBe('https://demo.localhost:8443/wp-admin/');
    expect(view.createdAt).toBe('2026-11-23T10:00:00.000Z');
    expect(JSON.stringify(view)).not.toMatch(/200000|sha256|never shown/);
  });

  it('points at the step at work, counting from 1, and measures it up to now', () => {
    const view = presentStore(aStore(), aRun(['done', 'done', 'done', 'done', 'running']), facts);

    expect(view.run?.step).toEqual({
      name: 'install-application',
      title: 'Title of install-application',
      index: 5,
      total: 10,
      status: 'running',
    });
    expect(view.run?.steps[0]).toMatchObject({ status: 'done', elapsedMs: 2000 });
    expect(view.run?.steps[4]).toMatchObject({ status: 'running', finishedAt: null, elapsedMs: 3000 });
    expect(view.run?.steps[5]).toMatchObject({ status: 'waiting', startedAt: null, elapsedMs: null });
  });

  it('points at the step that failed, and tells the error with its time', () => {
    const at = new Date('2026-11-23T10:00:09.000Z');
    const error = {
      code: 'container_unhealthy',
      message: 'No.',
      hint: null,
      step: 'start-containers',
      retryable: true,
      at,
    } as const;

    const view = presentStore(
      aStore({ status: 'failed', error }),
      aRun(['done', 'done', 'done', 'failed'], { status: 'failed' }),
      facts,
    );

    expect(view.run?.step).toMatchObject({ name: 'start-containers', status: 'failed', index: 4 });
    expect(view.error).toEqual({ ...error, at: '2026-11-23T10:00:09.000Z' });
  });

  it('tells an owner of an error only what is for owners, with every field that it has', () => {
    const error = {
      code: 'container_unhealthy',
      message: 'canary: /srv/stores/x said no',
      hint: 'canary: shopctl repair',
      step: 'start-containers',
      retryable: true,
      at: new Date('2026-11-23T10:00:09.000Z'),
    } as const;
    const view = presentStore(
      aStore({ status: 'failed', error, healthDetail: 'web is unhealthy (canary: no route to 10.210.0.36)' }),
      { ...aRun(['done', 'failed'], { status: 'failed' }), error },
      facts,
    );

    const told = forOwner(view);

    expect(JSON.stringify(view)).toContain('canary');
    expect(JSON.stringify(told)).not.toContain('canary');
    expect(told.error).toEqual({ ...view.error, message: expect.any(String), hint: expect.any(String) });
    expect(told.run?.error).toEqual(told.error);
    expect(view.healthDetail).toContain('canary');
    expect(told).not.toHaveProperty('healthDetail');
  });

  it('points at the next step between two, and at the last one when all is done', () => {
    const between = presentStore(aStore(), aRun(['done']), facts);
    const finished = presentStore(aStore({ status: 'active' }), aRun(STEP_NAMES.map(() => 'done')), facts);

    expect(between.run?.step).toMatchObject({ name: 'issue-secrets', index: 2, status: 'waiting' });
    expect(finished.run?.step).toMatchObject({ name: 'activate', index: 10, status: 'done' });
  });

  it('has no run before there is one', () => {
    expect(presentStore(aStore({ status: 'pending' }), undefined, facts).run).toBeNull();
  });
});
