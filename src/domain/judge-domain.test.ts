import { describe, expect, it } from 'vitest';
import { HOUR, MINUTE } from '../lib/time.ts';
import { type DomainEvidence, judgeDomain, stateOf } from './judge-domain.ts';
import type { OurPlace } from './own-domains.ts';

const NOW = new Date('2026-11-26T12:00:00.000Z');
const TOKEN = 'shophosting-proof-1';
const HERE = '203.0.113.7';
const PLACE: OurPlace = { addresses: [HERE], platformName: 'demo.shops.example.net', isPlatformNamePublic: true };
const FACTS = { place: PLACE, caaIdentity: 'letsencrypt.org', otherNames: ['www.example.com'] };
const GOOD: DomainEvidence = {
  failure: null,
  proofs: [TOKEN],
  alias: null,
  addresses: [{ address: HERE, leads: 'here' }],
  caa: null,
  nameServers: [],
  www: [],
};
const elsewhere = (address: string) => ({ address, leads: 'elsewhere' }) as const;

const judge = (over: Partial<DomainEvidence>, facts: Partial<typeof FACTS> = {}, provenAt: Date | null = null) =>
  judgeDomain({ hostname: 'example.com', token: TOKEN, provenAt }, { ...GOOD, ...over }, { ...FACTS, ...facts });
const codes = (judgement: ReturnType<typeof judge>) => judgement.diagnoses.map(({ code }) => code);
const stateAt = (ageMs: number, judgement: ReturnType<typeof judge>) =>
  stateOf({ state: 'waiting-for-dns', createdAt: new Date(NOW.getTime() - ageMs) }, judgement, NOW);

describe('what the DNS says of a domain', () => {
  it('is right when proof and address are there, and then only the certificate is missing', () => {
    const judgement = judge({});

    expect(judgement).toMatchObject({ isProven: true, leadsHere: true, mayBeCertified: true, diagnoses: [] });
    expect(stateAt(MINUTE, judgement)).toBe('issuing');
  });

  it('proves nothing without this store’s own token', () => {
    expect(codes(judge({ proofs: [] }))).toEqual(['proof-missing']);
    expect(stateAt(HOUR, judge({ proofs: [] }))).toBe('waiting-for-dns');

    const stale = judge({ proofs: ['shophosting-proof-of-another-store'] });
    expect(stale).toMatchObject({ isProven: false });
    expect(stateAt(MINUTE, stale)).toBe('problem');
    expect(stale.diagnoses[0]?.fix).toBe(`Change the TXT record _shophosting-challenge.example.com to ${TOKEN}`);
  });

  it('needs the proof only once', () => {
    expect(judge({ proofs: [] }, {}, NOW)).toMatchObject({ isProven: true, diagnoses: [] });
  });

  it('tells found and expected, and the record to set, of a name that leads elsewhere', () => {
    const judgement = judge({ addresses: [elsewhere('198.51.100.4')] });

    expect(judgement.diagnoses).toMatchObject([
      {
        code: 'address-elsewhere',
        sentence: `example.com resolves to 198.51.100.4, should be ${HERE}.`,
        fix: `Replace what is there (198.51.100.4) by an A record to ${HERE}.`,
        found: ['198.51.100.4'],
        expected: [HERE],
      },
    ]);
    expect(stateAt(MINUTE, judgement)).toBe('verifying');
    expect(stateAt(HOUR, judgement)).toBe('problem');
  });

  it('wants a CNAME below the registered name, and addresses where no CNAME may be', () => {
    const of = (hostname: string, place = PLACE) =>
      judgeDomain({ hostname, token: TOKEN, provenAt: null }, { ...GOOD, addresses: [] }, { ...FACTS, place })
        .diagnoses[0]?.fix;

    expect(of('shop.example.co.uk')).toBe('Add a CNAME record to demo.shops.example.net.');
    expect(of('example.co.uk')).toBe(`Add an A record to ${HERE}.`);
    expect(of('shop.example.com', { ...PLACE, isPlatformNamePublic: false })).toBe(`Add an A record to ${HERE}.`);
  });

  it('names Cloudflare’s proxy, unless visitors come through it all the same', () => {
    expect(codes(judge({ addresses: [elsewhere('104.16.1.1')] }))).toEqual(['cloudflare-proxy']);
    expect(codes(judge({ addresses: [{ address: '104.16.1.1', leads: 'here' }] }))).toEqual([]);
  });

  it('names an AAAA record that was left over', () => {
    const judgement = judge({ addresses: [{ address: HERE, leads: 'here' }, elsewhere('2001:db8::1')] });

    expect(codes(judgement)).toEqual(['ipv6-leftover']);
    expect(judgement.diagnoses[0]?.fix).toBe('Remove the AAAA record 2001:db8::1 of example.com.');
    expect(stateAt(MINUTE, judgement)).toBe('problem');
    expect(codes(judge({ addresses: [elsewhere('2001:db8::1')] }))).toEqual(['address-elsewhere']);
  });

  it('names a CAA record that keeps our authority out, and only such a one', () => {
    const of = (issuers: string[], identity: string | null = 'letsencrypt.org') =>
      codes(judge({ caa: { at: 'example.com', issuers } }, { caaIdentity: identity as 'letsencrypt.org' }));

    expect(of(['digicert.com'])).toEqual(['caa-forbids']);
    expect(of([])).toEqual(['caa-forbids']);
    expect(of(['digicert.com', 'letsencrypt.org'])).toEqual([]);
    expect(of(['digicert.com'], null)).toEqual([]);
    expect(judge({ caa: { at: 'example.com', issuers: ['digicert.com'] } })).toMatchObject({
      leadsHere: true,
      mayBeCertified: false,
    });
  });

  it('advises of a missing www without holding anything up', () => {
    const judgement = judge({}, { otherNames: [] });

    expect(judgement.diagnoses).toMatchObject([{ code: 'www-missing', isAdvice: true }]);
    expect(stateAt(MINUTE, judgement)).toBe('issuing');
    expect(codes(judge({}, { otherNames: ['www.example.com'] }))).toEqual([]);
  });

  it('of servers that do not answer is nothing, and changes no state', () => {
    const judgement = judge({ failure: 'ESERVFAIL' });

    expect(judgement).toMatchObject({ isProven: null, leadsHere: null, found: null });
    expect(codes(judgement)).toEqual(['lookup-failed']);
    expect(stateOf({ state: 'valid', createdAt: NOW }, judgement, NOW)).toBe('valid');
  });

  it('lets a machine that cannot tell go on', () => {
    expect(judge({ addresses: [{ address: '203.0.113.9', leads: 'unknown' }] })).toMatchObject({ leadsHere: true });
  });
});
