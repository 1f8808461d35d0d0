import { describe, expect, it } from 'vitest';
import { aStore } from '../../test/fakes/fake-world.ts';
import { applicationKey } from './names.ts';
import type { Store } from './store.ts';
import { assertOwnIds, assertWithinBounds } from './store-bounds.ts';

const BOUNDS = {
  ports: { start: 8001, end: 8010, max: 8999, reserved: [8080] },
  subnets: '10.210.0.0/16',
  uids: { start: 200_000, end: 265_535 },
  baseDomain: 'localhost',
};
const IMAGE = `sha256:${'0a'.repeat(32)}`;
const COMPILED = `${'0'.repeat(16)}-${'a'.repeat(32)}-${'b'.repeat(32)}`;
const check = (changes: Partial<Store>) => () => assertWithinBounds(aStore(changes), BOUNDS);

describe('what a store may have', () => {
  it.each<Partial<Store>>([
    {},
    { images: { web: IMAGE, [applicationKey('woocommerce')]: 'woocommerce-10.3.5', compiled: COMPILED } },
    { adminPath: '/admin_k3x9w2m4pq/' },
    { domain: 'demo.of-a-time-before.test', activeAt: new Date() },
    { uid: 265_535, port: 8999, network: { subnet: '10.210.255.224/27' } },
  ])('is accepted: %j', (changes) => {
    expect(check(changes)).not.toThrow();
  });

  it.each<Partial<Store>>([
    { uid: 0 },
    { uid: 199_999 },
    { uid: 265_536 },
    { network: { subnet: '10.211.0.32/27' } },
    { network: { subnet: '10.210.0.0/27' } }, // The platform's own.
    { network: { subnet: '10.210.0.0/16' } },
    { network: { subnet: '10.210.0.33/27' } },
    { port: 22 },
    { port: 9000 },
    { port: 8080 },
    { adminPath: '/' },
    { adminPath: '/wp-admin' },
    { adminPath: '/../etc/' },
    { adminPath: "/admin_';x/" },
    { images: { compiled: `../${COMPILED}` } },
    { images: { compiled: 'none' } },
    { images: { [applicationKey('woocommerce')]: '../secrets' } },
    { images: { [applicationKey('woocommerce')]: '..' } },
    { images: { [applicationKey('woocommerce')]: '' } },
    { images: { [applicationKey('woocommerce')]: '/etc' } },
    { images: { web: 'evil/image:latest' } },
    { images: { web: '' } },
    { domain: 'somebody.example' },
    { domain: 'other.localhost' },
    { id: '.' },
    { id: 'sto_01aaaaaaaaaaaaaaaaaaaaaaaa/..' },
    { customerId: '../../etc' },
  ])('is refused: %j', (changes) => {
    expect(check(changes)).toThrow(expect.objectContaining({ code: 'store_out_of_bounds', retryable: false }));
  });

  it('names no folder but its own, also when it goes', () => {
    expect(() => assertOwnIds(aStore({ uid: 0 }))).not.toThrow();
    expect(() => assertOwnIds(aStore({ id: '.' }))).toThrow(expect.objectContaining({ code: 'store_out_of_bounds' }));
  });
});
