import { request } from 'node:http';
import { beforeAll, describe, expect, test } from 'vitest';
import { execInContainer } from '../../src/adapters/docker/exec-in-container.ts';
import { createShopOperations } from '../../src/app/shop-operations.ts';
import { containerOf } from '../../src/domain/names.ts';
import type { Store } from '../../src/domain/store.ts';
import { MINUTE } from '../../src/lib/time.ts';
import type { StoreView } from '../../src/stores/present-store.ts';
import type { Answer, TestPlatform } from './platform.ts';
import { until } from './until.ts';

interface Admin {
  readonly username: string;
  readonly password: string;
}

export interface OperatedShop {
  readonly platform: TestPlatform;
  /** Active, and nobody else's meanwhile. It ends as it began, but for its administrators. */
  readonly store: StoreView;
  /** Somebody who signs in as an administrator would; `undefined` when the shop does not let them. */
  signIn(admin: Admin): Promise<AdminSession | undefined>;
}

export interface AdminSession {
  /** Is what it was given when signing in still good? */
  isOpen(): Promise<boolean>;
}

const ELSEWHERE = 'https://elsewhere.example/';

/** What every platform promises of `createShopOperations`; each runs it on a shop of its own. */
export function describeShopOperations(label: string, prepare: () => Promise<OperatedShop>): void {
  describe(`what the platform does to a shop: ${label}`, () => {
    let shop: OperatedShop;
    let row: Store;
    let operations: ReturnType<typeof createShopOperations>;
    beforeAll(async () => {
      shop = await prepare();
      row = await shop.platform.adapters.repositories.stores.get(shop.store.id);
      operations = createShopOperations(shop.platform.adapters);
    }, 10 * MINUTE);
    const signal = (): AbortSignal => AbortSignal.timeout(3 * MINUTE);
    const visit = (path = ''): Promise<Answer> => shop.platform.visit(`${shop.store.url}${path}`);

    test('a pause holds visitors and owner off and outlives a restart, until it is lifted', async () => {
      for (const _ of [1, 2]) await operations.pause(row, true, signal());
      await restartWeb(shop.platform, row);

      for (const path of ['', row.adminPath.slice(1)]) {
        const answer = await visit(path);
        expect([path, answer.status]).toEqual([path, 503]);
        expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
      }
      // Its clock finds nothing to do, which is no failure.
      await operations.cron(row, signal());

      for (const _ of [1, 2]) await operations.pause(row, false, signal());
      expect((await visit()).status).toBe(200);
    });

    test('another address is what the shop builds its pages from; the first one comes back as easily', async () => {
      const { host } = new URL(ELSEWHERE);
      for (const _ of [1, 2]) await operations.setUrl(row, ELSEWHERE, signal());
      const there = await askAs(host, row);
      expect(there.status).toBe(200);
      expect(there.body).toContain(ELSEWHERE);
      expect(there.body).not.toContain(new URL(shop.store.url).host);

      await operations.setUrl(row, shop.store.url, signal());
      const back = await visit();
      expect(back.status).toBe(200);
      expect(back.body).not.toContain(host);
    });

    test('a new password lets an administrator in, the old one and open sessions no longer', async () => {
      const { admin } = (await shop.platform.ok('store', 'credentials', row.id)) as unknown as { admin: Admin };
      const session = await shop.signIn(admin);
      expect(await session?.isOpen()).toBe(true);

      const renewed = { username: admin.username, password: 'An0ther "pass" \\ $(id)' };
      for (const _ of [1, 2]) {
        await operations.resetAdmin(row, { ...renewed, email: row.customerEmail }, signal());
      }

      expect(await session?.isOpen()).toBe(false);
      expect(await shop.signIn(admin)).toBeUndefined();
      expect(await (await shop.signIn(renewed))?.isOpen()).toBe(true);
    });

    test('an administrator who is not there is made', async () => {
      const rescuer = { username: 'rescuer', password: 'Resc7e-Me-Please' };
      await operations.resetAdmin(row, { ...rescuer, email: 'rescuer@example.com' }, signal());
      expect(await (await shop.signIn(rescuer))?.isOpen()).toBe(true);
    });

    test('what makes no sense is refused with what the shop says to it, and changes nothing', async () => {
      const refusal = { code: 'shop_command_failed', logTail: expect.stringContaining('url') };
      await expect(operations.setUrl(row, 'ftp://elsewhere.example/', signal())).rejects.toMatchObject(refusal);
      expect((await visit()).status).toBe(200);
    });

    test('its scheduled work can be set going at any time, twice at once too', async () => {
      await Promise.all([operations.cron(row, signal()), operations.cron(row, signal())]);
    });
  });
}

/** Resolves when the shop says of itself that it works; the engine asks it four times a minute only. */
async function restartWeb({ adapters }: TestPlatform, store: Store): Promise<void> {
  const web = containerOf(store, 'web');
  await adapters.docker.getContainer(web).restart();
  const signal = AbortSignal.timeout(3 * MINUTE);
  await until(async () => {
    const look = await execInContainer(adapters.docker, web, ['/usr/local/bin/healthcheck'], { signal });
    return look.exitCode === 0 ? true : undefined;
  });
}

/** The shop's front page past the edge, asked for by a name that the edge does not know. */
function askAs(host: string, { port }: Pick<Store, 'port'>): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const headers = { host, 'x-forwarded-proto': 'https' };
    const call = request({ host: '127.0.0.1', port, headers, timeout: MINUTE }, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => (body += chunk));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
    });
    call.once('error', reject);
    call.once('timeout', () => call.destroy(new Error(`${host} did not answer`)));
    call.end();
  });
}
