import { expect, it } from 'vitest';
import { DAY, HOUR, SECOND } from '../lib/time.ts';
import { hasLapsed, isDangling, type OurPlace, pauseBeforeLook, recordsFor } from './own-domains.ts';

const NOW = new Date('2026-11-26T12:00:00.000Z');
const PLACE: OurPlace = {
  addresses: ['203.0.113.7', '2001:db8::7'],
  platformName: 'demo.shops.example.net',
  isPlatformNamePublic: true,
};
const records = (hostname: string, place = PLACE) =>
  recordsFor({ hostname, token: 'T' }, place).map(({ type, name, label, value }) => [type, name, label, value]);

it('an apex needs the proof and our addresses, and is told of its www', () => {
  expect(records('example.co.uk')).toEqual([
    ['TXT', '_shophosting-challenge.example.co.uk', '_shophosting-challenge', 'T'],
    ['A', 'example.co.uk', '@', '203.0.113.7'],
    ['AAAA', 'example.co.uk', '@', '2001:db8::7'],
    ['CNAME', 'www.example.co.uk', 'www', 'demo.shops.example.net'],
  ]);
});

it('a name below it needs the proof and a CNAME, or addresses where our own name does not lead anywhere', () => {
  expect(records('a.shop.example.com')).toEqual([
    ['TXT', '_shophosting-challenge.a.shop.example.com', '_shophosting-challenge.a.shop', 'T'],
    ['CNAME', 'a.shop.example.com', 'a.shop', 'demo.shops.example.net'],
  ]);
  expect(records('shop.example.com', { ...PLACE, isPlatformNamePublic: false }).map(([type]) => type)).toEqual([
    'TXT',
    'A',
    'AAAA',
  ]);
});

it('looks come soon at first, then ever more rarely, and never stop', () => {
  const pauseAfter = (quietLooks: number, ageMs = 0) =>
    pauseBeforeLook(
      {
        state: 'waiting-for-dns',
        quietLooks,
        strayedAt: null,
        createdAt: new Date(NOW.getTime() - ageMs),
      },
      NOW,
    );

  expect([0, 1, 2, 4, 100].map((looks) => pauseAfter(looks))).toEqual([
    15 * SECOND,
    15 * SECOND,
    30 * SECOND,
    60 * SECOND,
    6 * HOUR,
  ]);
  expect(pauseAfter(0, 15 * DAY)).toBe(DAY);
});

it('a domain that led here is looked at twice a day, and every hour once it does not; after a day it dangles', () => {
  const valid = { state: 'valid', quietLooks: 9, createdAt: NOW } as const;
  const since = (ms: number) => ({ strayedAt: new Date(NOW.getTime() - ms) });

  expect(pauseBeforeLook({ ...valid, strayedAt: null }, NOW)).toBe(12 * HOUR);
  expect(pauseBeforeLook({ ...valid, ...since(HOUR) }, NOW)).toBe(HOUR);
  expect([
    isDangling(since(23 * HOUR), NOW),
    isDangling(since(DAY), NOW),
    isDangling({ strayedAt: null }, NOW),
  ]).toEqual([false, true, false]);
});

it('a domain that leads elsewhere keeps its certificate until that has ended, and gets no other one then', () => {
  const until = (notAfter: Date, strayedAt: Date | null) =>
    hasLapsed(
      {
        strayedAt,
        certificate: {
          issuer: 'x',
          isPubliclyTrusted: true,
          notBefore: null,
          notAfter: notAfter.toISOString(),
          lastTry: null,
        },
      },
      NOW,
    );
  const [before, after] = [new Date(NOW.getTime() - HOUR), new Date(NOW.getTime() + HOUR)];

  expect([until(before, before), until(after, before), until(before, null)]).toEqual([true, false, false]);
});
