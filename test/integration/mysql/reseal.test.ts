import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createSealer, createSealingKeys } from '../../../src/adapters/crypto/seal.ts';
import {
  createWebhookSecretMaker,
  createWebhookSecretReader,
  webhookSealingKey,
} from '../../../src/adapters/crypto/webhook-secrets.ts';
import { createSecretVault } from '../../../src/adapters/mysql/index.ts';
import { ledgerKeysOf } from '../../../src/app/ledger-keys.ts';
import { createSecretActions } from '../../../src/app/secret-actions.ts';
import { keysFor } from '../../../src/app/secret-keys.ts';
import { createLedgerSealer } from '../../../src/ledger/seal-lines.ts';
import { createLedgerVerifier } from '../../../src/ledger/verify-ledger.ts';
import { newId } from '../../../src/lib/new-id.ts';
import { forEachDatabase, type TestDatabase } from '../../services/for-each-database.ts';
import { aLeasedStore, letClaim, NOW } from './fixtures.ts';

/** More than one page of them. */
const MANY_SECRETS = 130;
const APP = { name: 'totp' };

forEachDatabase((_, connect) => {
  let database: TestDatabase;
  let dataDir: string;
  beforeAll(async () => {
    database = await connect();
  });
  beforeEach(async () => {
    await database.reset();
    dataDir = await mkdtemp(join(tmpdir(), 'reseal-'));
    return () => rm(dataDir, { recursive: true });
  });

  /** The platform as it runs with this `SECRET_KEY` and these of before. */
  function platform(secretKey: string, formerSecretKeys: readonly string[] = []) {
    const config = { secretKey, formerSecretKeys, dataDir };
    const { repositories } = database;
    const ledger = ledgerKeysOf(config);
    const seals = repositories.ledgerSeals;
    const readHead = () => ledger.headFile.read().catch(() => 'tampered' as const);
    const silent = () => undefined;
    const told: string[] = [];
    const actions = createSecretActions(() => ({ config, repositories }));
    return {
      told,
      vault: createSecretVault(
        database.as('worker'),
        createSealer(createSealingKeys(...keysFor(config, 'sealed-secrets'))),
      ),
      apps: createSealer(createSealingKeys(...keysFor(config, 'totp'))),
      webhooks: createWebhookSecretMaker(webhookSealingKey(keysFor(config, 'webhooks')[0])),
      readWebhook: createWebhookSecretReader(...keysFor(config, 'webhooks')),
      sealLines: createLedgerSealer({ seals, ...ledger, onCheckpoint: silent, onShortened: silent, now: () => NOW }),
      verify: createLedgerVerifier({ seals, readHead, ...ledger }),
      reseal: (signal = new AbortController().signal) =>
        actions.resealSecrets({ signal, onProgress: (line) => told.push(line) }),
    };
  }

  /** A row in every column that holds sealed texts, and lines of the ledger, made with one key. */
  async function aWorld(made: ReturnType<typeof platform>) {
    const { store, lease } = await aLeasedStore(database);
    const { customerId } = store;
    const names = Array.from({ length: MANY_SECRETS }, (_unused, index) => `secret-${index}`);
    for (const name of names)
      await made.vault.getOrCreate({ storeId: store.id, makers: { [name]: () => `value of ${name}` } }, lease);
    const app = await made.apps.seal('JBSWY3DPEHPK3PXP', { owner: customerId, ...APP });
    await database
      .as('worker')
      .kysely.insertInto('totp_factors')
      .values({ customer_id: customerId, key_id: app.keyId, sealed: app.text, last_step: 0, created_at: NOW })
      .execute();
    const id = newId('whe');
    const [first, second] = [await made.webhooks.make(id), await made.webhooks.make(id)];
    const request = { customerId, id, origin: { actor: customerId }, now: NOW };
    await letClaim(database, customerId);
    const { webhookEndpoints } = database.repositories;
    const wish = { name: 'Books', url: 'https://books.example/hook', events: ['store.active'] as const };
    await webhookEndpoints.add({ ...request, ...wish, sealed: first.sealed });
    await webhookEndpoints.rotateSecret({ ...request, sealed: second.sealed });
    await made.sealLines();

    return {
      storeId: store.id,
      customerId,
      names,
      /** Whether everything opens, and is what it was. */
      async expectReadable(by: ReturnType<typeof platform>): Promise<void> {
        for (const name of names) expect(await by.vault.read(store.id, name)).toBe(`value of ${name}`);
        const { kysely } = database.as('worker');
        const factor = await kysely.selectFrom('totp_factors').selectAll().executeTakeFirstOrThrow();
        expect(await by.apps.open(factor.sealed, { owner: customerId, ...APP })).toBe('JBSWY3DPEHPK3PXP');
        const endpoint = await kysely.selectFrom('webhook_endpoints').selectAll().executeTakeFirstOrThrow();
        expect(await by.readWebhook(endpoint.sealed, id)).toBe(second.secret);
        expect(await by.readWebhook(endpoint.old_sealed ?? '', id)).toBe(first.secret);
        expect(await by.verify()).toMatchObject({ ok: true, problem: null });
      },
    };
  }

  const keyIds = async () => {
    const { kysely } = database.as('worker');
    const secrets = await kysely.selectFrom('sealed_secrets').select('key_id').distinct().execute();
    const apps = await kysely.selectFrom('totp_factors').select('key_id').distinct().execute();
    return [...secrets, ...apps].map(({ key_id: id }) => id);
  };
  const idOf = (key: string, purpose: 'sealed-secrets' | 'totp') =>
    createSealingKeys(...keysFor({ secretKey: key, formerSecretKeys: [] }, purpose)).currentKeyId;

  describe('another SECRET_KEY', () => {
    it('opens what the former one has sealed, seals all of it anew, and then does without the former one', async () => {
      const world = await aWorld(platform('first'));

      const both = platform('second', ['first']);
      await world.expectReadable(both);
      const done = await both.reseal();
      await both.sealLines();

      expect(done).toMatchObject({ resealed: MANY_SECRETS + 3, left: 0 });
      expect(await keyIds()).toEqual([idOf('second', 'sealed-secrets'), idOf('second', 'totp')]);
      expect(await both.reseal()).toMatchObject({ resealed: 0, left: 0 });
      await world.expectReadable(platform('second'));
      expect(await readFile(join(dataDir, 'ledger', 'former-keys.json'), 'utf8')).not.toContain('first');
      expect((await database.repositories.audit.list({ target: 'platform' })).map(({ action }) => action)).toEqual([
        'secrets.resealed',
      ]);
    });

    it('may follow another one that was changed before', async () => {
      const world = await aWorld(platform('first'));
      const second = platform('second', ['first']);
      await second.reseal();
      await second.sealLines();

      const third = platform('third', ['second']);
      await third.reseal();
      await third.sealLines();

      await world.expectReadable(platform('third'));
      expect(await platform('second').verify()).toMatchObject({ ok: false, problem: { kind: 'changed' } });
    });

    it('is stopped and begun again without loss, and never takes back what somebody changes meanwhile', async () => {
      const world = await aWorld(platform('first'));
      const both = platform('second', ['first']);
      await expect(both.reseal(AbortSignal.abort(new Error('interrupted')))).rejects.toThrow('interrupted');
      const { kysely } = database.as('worker');
      const { sealed } = await kysely.selectFrom('totp_factors').select('sealed').executeTakeFirstOrThrow();
      const row = { owner: world.customerId, name: 'totp', sealed: `${sealed}x` };

      expect(await database.repositories.sealedRows.ofApps.replace(row, { keyId: 'k', text: 't' })).toBe(false);
      expect(await both.reseal()).toMatchObject({ left: 0 });
      await world.expectReadable(platform('second'));
    });

    it('tells what no key opens, and seals the others all the same', async () => {
      const world = await aWorld(platform('first'));
      await sql`UPDATE sealed_secrets SET sealed = CONCAT(sealed, 'x') WHERE name = 'secret-3'`.execute(
        database.as('admin').kysely,
      );
      const both = platform('second', ['first']);

      expect(await both.reseal()).toMatchObject({ resealed: MANY_SECRETS + 2, left: 1 });
      expect(both.told).toEqual([expect.stringContaining(`secret-3 of ${world.storeId}`)]);
    });

    it('without the former one leaves everything as it is, and says so', async () => {
      const world = await aWorld(platform('first'));
      const alone = platform('second');

      await expect(alone.reseal()).rejects.toMatchObject({ code: 'secret_unreadable' });
      await world.expectReadable(platform('first'));
    });

    it('gives whoever has the former one no way to forge lines of after', async () => {
      await aWorld(platform('first'));
      const both = platform('second', ['first']);
      await both.reseal();
      await both.sealLines();
      const old = ledgerKeysOf({ secretKey: 'first', formerSecretKeys: [], dataDir: join(dataDir, 'elsewhere') });
      const seals = database.repositories.ledgerSeals;
      const admin = database.as('admin').kysely;
      const last = await seals.head();
      await sql`UPDATE audit_log SET actor = 'nobody' WHERE id = ${last?.lineId}`.execute(admin);
      await sql`DELETE FROM ledger_seals WHERE position = ${last?.position}`.execute(admin);
      await createLedgerSealer({
        seals,
        ...old,
        onCheckpoint: () => undefined,
        onShortened: () => undefined,
        now: () => NOW,
      })();

      expect(await platform('second').verify()).toMatchObject({
        ok: false,
        problem: { kind: 'changed', position: last?.position },
      });
    });
  });
});
