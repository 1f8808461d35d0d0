import { describe, expect, it } from 'vitest';
import { shopctl } from '../../../test/fakes/shopctl.ts';
import { CertificateError } from '../../domain/certificates.ts';
import type { CertificateView } from '../actions.ts';

const SHOP: CertificateView = {
  name: 'demo.shops.example.net',
  source: 'acme',
  directory: 'https://ca.example.org/directory',
  trusted: true,
  wildcard: false,
  notAfter: '2026-12-01T00:00:00.000Z',
  daysLeft: 40,
  problem: null,
  nextTryAt: null,
};

describe('shopctl certificate', () => {
  it('list tells who issued what and what stands in the way', async () => {
    const blocked = { ...SHOP, name: 'blocked.example.net', source: null, directory: null, problem: 'Forbidden.' };
    const actions = { listCertificates: async () => [SHOP, blocked] };

    const plain = await shopctl(['certificate', 'list'], actions);
    const json = await shopctl(['certificate', 'list', '--json'], actions);

    expect(plain.stdout).toContain('demo.shops.example.net\tca.example.org\tyes');
    expect(plain.stdout).toContain('Forbidden.');
    expect(json.json()).toEqual({ items: [SHOP, blocked] });
  });

  it('issue that fails ends with 1 and says why', async () => {
    const error = new CertificateError(SHOP.name, 'dns', {
      reason: 'The name does not resolve.',
      hint: 'Point it here.',
    });
    const result = await shopctl(['certificate', 'issue', SHOP.name, '--json'], {
      issueCertificate: () => Promise.reject(error),
    });

    expect(result.code).toBe(1);
    expect(result.json()).toEqual({
      error: {
        code: 'certificate_failed',
        message: `No certificate for ${SHOP.name}: The name does not resolve.`,
        hint: 'Point it here.',
      },
    });
  });

  it('renew ends with 1 when one of many failed, and tells of all', async () => {
    const error = { code: 'certificate_failed', message: 'No.', hint: null };
    const outcomes = [
      { name: 'a.example.net', outcome: 'renewed' as const, error: null },
      { name: 'b.example.net', outcome: 'failed' as const, error },
    ];
    const asked: unknown[] = [];
    const renewCertificates = async ({ name, all }: { name?: string; all: boolean }) => {
      asked.push({ name, all });
      return outcomes;
    };

    const result = await shopctl(['certificate', 'renew', '--json'], { renewCertificates });
    await shopctl(['certificate', 'renew', '--all'], { renewCertificates });

    expect(result.code).toBe(1);
    expect(result.json()).toEqual({ items: outcomes });
    expect(asked).toEqual([
      { name: undefined, all: false },
      { name: undefined, all: true },
    ]);
    expect((await shopctl(['certificate', 'renew', 'a.example.net', '--all'])).code).toBe(2);
  });

  it('import needs both files', async () => {
    const importCertificate = async () => ({ ...SHOP, source: 'imported', directory: null });

    const whole = ['certificate', 'import', SHOP.name, '--certificate', 'c.pem', '--key', 'k.pem'];
    expect((await shopctl(whole, { importCertificate })).code).toBe(0);
    expect((await shopctl(['certificate', 'import', SHOP.name, '--certificate', 'c.pem'])).code).toBe(2);
  });
});
