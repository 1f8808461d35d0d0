import { describe, expect, it } from 'vitest';
import { AT, shopctl } from '../../../test/fakes/shopctl.ts';
import type { DomainView } from '../../domains/present-domain.ts';

const VALID: DomainView = {
  id: 'dom_1',
  storeId: 'sto_01abc',
  hostname: 'shop.example.com',
  url: 'https://shop.example.com/',
  state: 'valid',
  isPrimary: false,
  isRedirecting: true,
  isLeaving: false,
  dnsHost: null,
  records: [
    {
      purpose: 'address',
      type: 'A',
      name: 'shop.example.com',
      label: 'shop',
      value: '203.0.113.7',
      ttl: 300,
      found: ['203.0.113.7'],
      status: 'right',
    },
  ],
  diagnoses: [],
  certificate: null,
  createdAt: AT,
  checkedAt: AT,
  nextCheckAt: AT,
  provenAt: AT,
  validAt: AT,
  strayedAt: null,
};
const FAULT = {
  code: 'address-elsewhere',
  isAdvice: false,
  sentence: 'shop.example.com resolves to 198.51.100.4, should be 203.0.113.7.',
  fix: 'Replace what is there (198.51.100.4) by an A record to 203.0.113.7.',
  found: ['198.51.100.4'],
  expected: ['203.0.113.7'],
} as const;
const WRONG: DomainView = {
  ...VALID,
  state: 'problem',
  records: VALID.records.map((record) => ({ ...record, found: ['198.51.100.4'], status: 'wrong' as const })),
  diagnoses: [FAULT],
};

describe('shopctl domain', () => {
  it('check prints found beside expected and the exact fix, and ends with 7 unless the domain is valid', async () => {
    const wrong = await shopctl(['domain', 'check', 'shop.example.com'], { checkDomain: async () => WRONG });

    expect(wrong.code).toBe(7);
    expect(wrong.stdout).toContain('expected 203.0.113.7, found 198.51.100.4');
    expect(wrong.stdout).toContain(FAULT.fix);
    expect((await shopctl(['domain', 'check', 'x.example'], { checkDomain: async () => VALID })).code).toBe(0);
    const advised = { ...VALID, diagnoses: [{ ...FAULT, isAdvice: true }] };
    expect((await shopctl(['domain', 'check', 'x.example'], { checkDomain: async () => advised })).code).toBe(0);
    const json = await shopctl(['domain', 'check', 'x.example', '--json'], { checkDomain: async () => WRONG });
    expect([json.code, json.json()]).toEqual([7, WRONG]);
  });

  it('list tells state and problem, and asks only for what is wished', async () => {
    const asked: unknown[] = [];
    const listDomains = async (filter: unknown) => {
      asked.push(filter);
      return [VALID, WRONG];
    };

    const plain = await shopctl(['domain', 'list', '--state', 'problem'], { listDomains });
    await shopctl(['domain', 'list', '--store', 'sto_1'], { listDomains });

    expect(plain.stdout).toContain(FAULT.sentence);
    expect(asked).toEqual([{ state: 'problem' }, { storeId: 'sto_1' }]);
    expect((await shopctl(['domain', 'list', '--state', 'fine'], { listDomains })).code).toBe(2);
  });

  it('add needs a store, and prints the records to set', async () => {
    const addDomain = async () => ({ ...WRONG, state: 'waiting-for-dns' as const, diagnoses: [] });

    const added = await shopctl(['domain', 'add', 'shop.example.com', '--store', 'sto_1'], { addDomain });

    expect(added.code).toBe(0);
    expect(added.stdout).toContain('A shop.example.com');
    expect((await shopctl(['domain', 'add', 'shop.example.com'], { addDomain })).code).toBe(2);

    const asked: unknown[] = [];
    const lift = ['domain', 'add', 'shop.example.com', '--store', 'sto_1', '--lift-quarantine'];
    await shopctl(lift, { addDomain: async (wish) => (asked.push(wish), addDomain()) });
    expect(asked).toEqual([{ storeId: 'sto_1', name: 'shop.example.com', isLiftingQuarantine: true }]);
  });

  it('primary ends with 0 when the store has moved, 1 when it could not, 6 when it takes longer than one waits', async () => {
    const change = { hostname: 'shop.example.com', storeId: 'sto_1', runId: 'run_1', error: null };
    const of = (status: 'done' | 'failed' | 'running', ...more: string[]) =>
      shopctl(['domain', 'primary', 'shop.example.com', ...more], {
        makePrimaryDomain: async () => ({ ...change, status }),
      });

    const codes = [
      of('done', '--wait'),
      of('failed', '--wait'),
      of('running', '--wait', '--timeout', '1'),
      of('running'),
    ];
    expect((await Promise.all(codes)).map(({ code }) => code)).toEqual([0, 1, 6, 0]);
  });

  it('remove says what is gone', async () => {
    const removeDomain = async () => ({ hostname: 'shop.example.com', storeId: 'sto_1', removed: true });

    const gone = await shopctl(['domain', 'remove', 'shop.example.com', '--json'], { removeDomain });

    expect(gone.json()).toEqual({ hostname: 'shop.example.com', storeId: 'sto_1', removed: true });

    const busy = async () => ({ hostname: 'shop.example.com', storeId: 'sto_1', removed: false });
    const later = await shopctl(['domain', 'remove', 'shop.example.com'], { removeDomain: busy });
    expect(later.stdout).toContain('a worker is at it');
  });
});
