import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { freeSubnets, networkPlanOf, subnetAt, subnetCount, subnetsExhausted } from './subnets.ts';

const blocks = fc.tuple(fc.integer({ min: 12, max: 26 }), fc.nat()).map(([prefix, seed]) => {
  const size = 2 ** (32 - prefix);
  const base = 10 * 2 ** 24 + (seed % (2 ** 24 / size)) * size;
  return { cidr: `${textOf(base)}/${prefix}`, base, size };
});

describe('subnetAt', () => {
  it('counts /27s through the block', () => {
    expect(subnetAt('10.210.0.0/16', 0)).toBe('10.210.0.0/27');
    expect(subnetAt('10.210.0.0/16', 9)).toBe('10.210.1.32/27');
    expect(subnetAt('10.210.0.0/16', 2047)).toBe('10.210.255.224/27');
  });

  it('never leaves the block and never overlaps', () => {
    fc.assert(
      fc.property(blocks, fc.nat(), fc.nat(), ({ cidr, base, size }, one, other) => {
        const count = subnetCount(cidr);
        const [a, b] = [one % count, other % count];

        const begins = numberOf(subnetAt(cidr, a));
        expect(begins).toBeGreaterThanOrEqual(base);
        expect(begins + 32).toBeLessThanOrEqual(base + size);
        expect(numberOf(subnetAt(cidr, b)) - begins).toBe((b - a) * 32);
      }),
    );
  });

  it.each([
    '10.210.0.0',
    '10.210.0.0/27',
    '10.210.0.1/16',
    '10.300.0.0/16',
    '10.0.0.0/4',
    'x/16',
    '10.210.0.0/16\n',
    '',
  ])('refuses the block %j', (block) => {
    expect(() => subnetAt(block, 0)).toThrow(expect.objectContaining({ code: 'configuration_invalid' }));
  });

  it('refuses an index outside the block', () => {
    expect(() => subnetAt('10.210.0.0/26', 2)).toThrow(/holds 2/);
    expect(() => subnetAt('10.210.0.0/26', -1)).toThrow(/holds 2/);
  });
});

describe('freeSubnets', () => {
  it('keeps the first for the platform and skips what is taken', () => {
    expect([...freeSubnets('10.210.0.0/25', new Set(['10.210.0.64/27']))]).toEqual([
      '10.210.0.32/27',
      '10.210.0.96/27',
    ]);
  });

  it('says what to do when nothing is left', () => {
    expect(subnetsExhausted('10.210.0.0/26')).toMatchObject({
      code: 'subnets_exhausted',
      hint: expect.stringContaining('STORE_SUBNETS'),
    });
  });
});

describe('networkPlanOf', () => {
  it('cuts the /27 into a back half and a front half with fixed addresses', () => {
    expect(networkPlanOf('10.210.0.32/27')).toEqual({
      backSubnet: '10.210.0.32/28',
      frontSubnet: '10.210.0.48/28',
      frontGateway: '10.210.0.49',
      frontWebIp: '10.210.0.50',
      backIps: {
        web: '10.210.0.34',
        db: '10.210.0.35',
        cache: '10.210.0.36',
        sessions: '10.210.0.37',
        search: '10.210.0.38',
        queue: '10.210.0.39',
        varnish: '10.210.0.40',
      },
      backGuestIp: '10.210.0.46',
    });
  });

  it('gives every host its own address inside its half, never a gateway, network or broadcast address', () => {
    fc.assert(
      fc.property(blocks, fc.nat(), ({ cidr }, index) => {
        const plan = networkPlanOf(subnetAt(cidr, index % subnetCount(cidr)));

        const back = numberOf(plan.backSubnet);
        const front = numberOf(plan.frontSubnet);
        const backHosts = [...Object.values(plan.backIps), plan.backGuestIp].map(numberOf);
        expect(front).toBe(back + 16);
        expect(numberOf(plan.frontGateway)).toBe(front + 1);
        expect(new Set([...backHosts, numberOf(plan.frontWebIp)]).size).toBe(9);
        expect(backHosts.every((host) => host > back + 1 && host < back + 15)).toBe(true);
        expect(numberOf(plan.frontWebIp)).toBeGreaterThan(front + 1);
        expect(numberOf(plan.frontWebIp)).toBeLessThan(front + 15);
      }),
    );
  });

  it('refuses anything that is not a /27', () => {
    expect(() => networkPlanOf('10.210.0.0/28')).toThrow(/not a \/27/);
  });
});

function textOf(value: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join('.');
}

function numberOf(cidr: string): number {
  return (cidr.split('/')[0] ?? '').split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
}
