import { expect, test } from 'vitest';
import { type CertificateFacts, LETS_ENCRYPT, LETS_ENCRYPT_STAGING } from '../../domain/certificates.ts';
import { DAY } from '../../lib/time.ts';
import { tipsFor } from '../ready-tips.ts';
import { certificatesCheck, certificateWaysCheck, type NameState } from './certificate-checks.ts';
import type { Check } from './check.ts';

const NOW = new Date('2026-06-01T00:00:00Z');
const run = (check: Check) => check.run(AbortSignal.timeout(1000));
const REAL = { baseDomain: 'shops.example.net', directory: LETS_ENCRYPT, hasWildcard: true };

function aName(hostname: string, daysLeft: number, change: Partial<CertificateFacts> = {}): NameState {
  const notAfter = new Date(NOW.getTime() + daysLeft * DAY);
  const notBefore = new Date(notAfter.getTime() - 90 * DAY);
  const facts: CertificateFacts = {
    hostname,
    source: 'acme',
    directory: LETS_ENCRYPT,
    isPubliclyTrusted: true,
    isWildcard: false,
    issuer: 'Example CA',
    notBefore,
    notAfter,
    ...change,
  };
  return { hostname, facts, failed: undefined };
}

const check = (...names: NameState[]) =>
  run(
    certificatesCheck(
      async () => names,
      () => NOW,
    ),
  );

test('staging, one certificate per store, and no authority at all are told with the way out; a wildcard is fine', async () => {
  expect(await run(certificateWaysCheck(REAL))).toMatchObject({ status: 'ok' });
  expect(await run(certificateWaysCheck({ ...REAL, directory: LETS_ENCRYPT_STAGING }))).toMatchObject({
    status: 'warn',
    message: expect.stringContaining('no browser accepts'),
    fix: expect.stringContaining(`ACME_DIRECTORY=${LETS_ENCRYPT}`),
  });
  expect(await run(certificateWaysCheck({ ...REAL, hasWildcard: false }))).toMatchObject({
    status: 'warn',
    message: expect.stringContaining('50 new ones per registered domain and week'),
    fix: expect.stringContaining('ACME_DNS_HOOK'),
  });
  expect(await run(certificateWaysCheck({ ...REAL, directory: undefined, hasWildcard: false }))).toMatchObject({
    status: 'warn',
    fix: expect.stringContaining('ACME_EMAIL'),
  });
  expect(await run(certificateWaysCheck({ ...REAL, baseDomain: 'localhost', directory: undefined }))).toMatchObject({
    status: 'ok',
  });
});

test('the ready screen says that staging is in use', () => {
  const facts = { version: '1', publicUrl: '', edge: { http: '', https: '' }, caFile: '', logsDir: '', httpsPort: 443 };
  const tips = tipsFor({
    ...facts,
    listenAddress: '0.0.0.0',
    baseDomain: REAL.baseDomain,
    certificates: { ...REAL, directory: LETS_ENCRYPT_STAGING },
  });

  expect(tips.join('\n')).toContain('Certificates come from staging');
});

test('a certificate that is over, or was never had, fails with the reason of the last try', async () => {
  const failed = { hostname: 'b', directory: LETS_ENCRYPT, count: 3, reason: 'No such name.', retryAt: NOW };

  expect(await check(aName('a', 80), { hostname: 'b', facts: undefined, failed })).toMatchObject({
    status: 'fail',
    message: 'No valid certificate: b (none; No such name.)',
    fix: 'shopctl certificate issue b',
  });
  expect(await check(aName('a', -1))).toMatchObject({ status: 'fail', message: expect.stringContaining('a (over)') });
});

test('one that should have been renewed long ago is a warning, one that is merely due is not', async () => {
  expect(await check(aName('a', 29))).toMatchObject({ status: 'ok' });
  expect(await check(aName('a', 14))).toMatchObject({ status: 'warn', message: 'Near their end: a (14 days left)' });
  expect(await check(aName('a', 3, { source: 'imported' }))).toMatchObject({
    fix: 'shopctl certificate import a --certificate FILE --key FILE',
  });
});
