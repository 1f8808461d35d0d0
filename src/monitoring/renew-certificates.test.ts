import { expect, test } from 'vitest';
import { CertificateError, type CertificateTrouble } from '../domain/certificates.ts';
import { type CertificateRenewalDeps, createCertificateRenewal } from './renew-certificates.ts';

/** A world where some names cannot have a certificate, each for its reason; all others get one. */
function aWorld(troubles: Readonly<Record<string, CertificateTrouble>>, change: Partial<CertificateRenewalDeps> = {}) {
  const world = { asked: [] as string[], applied: 0 };
  const renew = createCertificateRenewal({
    wildcard: undefined,
    hostnames: async () => ['a.example.net', 'b.example.net', 'c.localhost', 'd.example.net'],
    async keep(hostname) {
      world.asked.push(hostname);
      const trouble = troubles[hostname];
      if (trouble !== undefined) throw new CertificateError(hostname, trouble, { reason: 'No.', hint: 'Wait.' });
      return { changed: true };
    },
    isMadeHere: (hostname) => hostname.endsWith('.localhost'),
    apply: async () => void (world.applied += 1),
    ...change,
  });
  return { world, renew: () => renew(new AbortController().signal) };
}

test("one name's failure stops no other, and what is new is shown once", async () => {
  const { world, renew } = aWorld({ 'a.example.net': 'refused', 'b.example.net': 'dns' });

  const outcomes = await renew();

  expect(outcomes.map(({ name, outcome }) => `${name} ${outcome}`)).toEqual([
    'a.example.net failed',
    'b.example.net failed',
    'c.localhost renewed',
    'd.example.net renewed',
  ]);
  expect(world.applied).toBe(1);
});

test('an authority that does not answer is not asked for the rest; what is made here goes on', async () => {
  const { world, renew } = aWorld({ 'a.example.net': 'unreachable' });

  const outcomes = await renew();

  expect(outcomes.map(({ outcome }) => outcome)).toEqual(['failed', 'skipped', 'renewed', 'skipped']);
  expect(world.asked).toEqual(['a.example.net', 'c.localhost']);
});

test('a wildcard comes first, and its failure leaves the others their turn', async () => {
  const { renew } = aWorld({}, { wildcard: { name: '*.example.net', keep: () => Promise.reject(new Error('hook')) } });

  const [first, ...rest] = await renew();

  expect(first).toMatchObject({ name: '*.example.net', outcome: 'failed', error: { message: 'hook' } });
  expect(rest.every(({ outcome }) => outcome === 'renewed')).toBe(true);
});

test('nothing new, nothing to show', async () => {
  const { world, renew } = aWorld({}, { keep: async () => ({ changed: false }) });

  await renew();

  expect(world.applied).toBe(0);
});
