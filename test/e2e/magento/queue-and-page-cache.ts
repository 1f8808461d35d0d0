import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { partsOfToday } from '../../../src/app/choose-parts.ts';
import { createShopOperations } from '../../../src/app/shop-operations.ts';
import { MINUTE } from '../../../src/lib/time.ts';
import type { StoreView } from '../../../src/stores/present-store.ts';
import { whileWorkersRest } from '../front-door/world.ts';
import { until } from '../until.ts';
import { tracesOf } from '../world-snapshot.ts';
import { adminOf } from './administration.ts';
import { addProduct, adminRest, type Product, type ShopRest } from './shop-rest.ts';
import { inService, type MagentoWorld, rowOf, serviceOf } from './world.ts';

const NAME = 'lilies';
const LILY: Product = { sku: 'lily-1', name: 'White Lily', price: 9 };
const LILY_PATH = 'white-lily.html';
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** A shop of its own, since those of the others have neither. */
export function describeQueueAndPageCache(theWorld: () => MagentoWorld): void {
  describe('a shop with queue and page cache', () => {
    let store: StoreView;
    let rest: ShopRest;
    const visitLily = () => theWorld().platform.visit(`${store.url}${LILY_PATH}`);
    /** As it was kept; a turn of the shop's clock may just have thrown it out. */
    const keptLily = () =>
      until(async () => {
        const answer = await visitLily();
        return answer.headers['x-cache'] === 'HIT' ? answer : undefined;
      });
    const rename = (method: string, path: string, name: string) =>
      rest.ask(method, path, { product: { sku: LILY.sku, name } });

    test('is made with both', async () => {
      const { platform } = theWorld();
      store = await makeWith(theWorld(), NAME, ['rabbitmq', 'varnish']);

      for (const service of ['queue', 'varnish'] as const) {
        expect([service, (await serviceOf(platform, store, service).inspect()).State.Running]).toEqual([service, true]);
      }
      rest = await restOfOwner(theWorld(), store);
    });

    test('gives the second visitor the page that it kept, until the product on it is saved', async () => {
      await addProduct(rest, 'Lilies', LILY);
      const first = await visitLily();
      expect([first.status, first.body.includes(LILY.name)]).toEqual([200, true]);
      expect((await keptLily()).body).toContain(LILY.name);

      expect((await rename('PUT', `products/${LILY.sku}`, 'Black Lily')).status).toBe(200);

      const renewed = await visitLily();
      expect([renewed.headers['x-cache'], renewed.body.includes('Black Lily')]).toEqual(['MISS', true]);
      expect((await keptLily()).body).toContain('Black Lily');
    });

    test('keeps no page of before when it is set otherwise', async () => {
      const { platform } = theWorld();
      await keptLily();

      const { configure } = createShopOperations(platform.adapters);
      await configure(await rowOf(platform, store.id), { title: 'Lilies & more' }, AbortSignal.timeout(MINUTE));

      expect((await visitLily()).headers['x-cache']).toBe('MISS');
    });

    test('does what is put into its queue with a turn of its clock', async () => {
      const queued = await rename('POST', '../async/V1/products', 'Tiger Lily');
      expect(queued.status).toBe(202);

      await until(async () => ((await visitLily()).body.includes('Tiger Lily') ? true : undefined), 4 * MINUTE);
    });

    test('is deleted without a trace', async () => {
      const { platform } = theWorld();
      await platform.ok('store', 'delete', store.id, '--yes', '--wait');
      expect(await tracesOf(platform, store)).toEqual({});
    });
  });
}

const SERVICE_OF = { rabbitmq: 'queue', varnish: 'varnish' } as const;

/** As a platform with `MAGENTO_SERVICES` would make it: what a store is made of is recorded once. */
export async function makeWith(
  world: MagentoWorld,
  name: string,
  more: readonly (keyof typeof SERVICE_OF)[],
): Promise<StoreView> {
  const { platform } = world;
  const { images, database } = platform.adapters;
  const prepared = await images.prepare(more, AbortSignal.timeout(8 * MINUTE));
  const { images: usual } = await partsOfToday('magento', platform.adapters, AbortSignal.timeout(MINUTE));
  const { id } = await whileWorkersRest(world, async () => {
    const made = await platform.createStore(name, { platform: 'magento', wait: false });
    const parts = {
      ...usual,
      ...Object.fromEntries(more.map((image, at) => [SERVICE_OF[image], prepared[at]?.id])),
    };
    await database.kysely
      .updateTable('stores')
      .set({ images_json: JSON.stringify(parts) })
      .where('id', '=', made.id)
      .execute();
    return made;
  });
  return platform.settled(id, ['active']);
}

/** With a second factor that is set by the shop's own command. */
async function restOfOwner({ platform }: MagentoWorld, store: StoreView): Promise<ShopRest> {
  const admin = await adminOf(platform, store);
  const secret = [...randomBytes(32)].map((byte) => ALPHABET[byte % ALPHABET.length]).join('');
  await inService(platform, store, 'web', 'magento', 'security:tfa:google:set-secret', admin.username, secret);
  return adminRest(platform, store, admin, secret);
}
