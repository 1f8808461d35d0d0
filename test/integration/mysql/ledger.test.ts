import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createLedgerMac } from '../../../src/adapters/crypto/ledger-mac.ts';
import { createLedgerHeadFile } from '../../../src/adapters/filesystem/ledger-head-file.ts';
import { createRepositories } from '../../../src/adapters/mysql/index.ts';
import { type LedgerHead, NO_SEAL, sealedText } from '../../../src/domain/ledger.ts';
import { createLedgerSealer } from '../../../src/ledger/seal-lines.ts';
import { createLedgerVerifier } from '../../../src/ledger/verify-ledger.ts';
import { HOUR } from '../../../src/lib/time.ts';
import { forEachDatabase, type TestDatabase } from '../../services/for-each-database.ts';
import { NOW } from './fixtures.ts';

const WRITERS = 50;
const LINES_EACH = 20;

forEachDatabase((_, connect) => {
  let database: TestDatabase;
  let folder: string;
  beforeAll(async () => {
    database = await connect();
  });
  beforeEach(async () => {
    await database.reset();
    folder = await mkdtemp(join(tmpdir(), 'ledger-'));
    return () => rm(folder, { recursive: true });
  });

  /** A platform's key and head, and what seals and verifies with them. */
  function ledger({ key = 'a key', now = () => NOW }: { key?: string; now?: () => Date } = {}) {
    const macOf = createLedgerMac(Buffer.from(key));
    const path = join(folder, 'ledger', 'head.json');
    const headFile = createLedgerHeadFile({ path, macOf });
    const seals = database.repositories.ledgerSeals;
    const told: LedgerHead[] = [];
    const shortened: object[] = [];
    const newSealer = () =>
      createLedgerSealer({
        seals,
        headFile,
        macOf,
        onCheckpoint: (head) => told.push(head),
        onShortened: (facts) => shortened.push(facts),
        now,
      });
    const readHead = () => headFile.read().catch(() => 'tampered' as const);
    return {
      path,
      macOf,
      told,
      shortened,
      newSealer,
      seal: newSealer(),
      verify: createLedgerVerifier({ seals, readHead, macOf }),
    };
  }

  const append = (count: number, from = 1) =>
    database.repositories.audit.appendAll(
      Array.from({ length: count }, (_unused, at) => ({
        actor: 'cus_1',
        action: 'store.created',
        target: `sto_${from + at}`,
        storeId: `sto_${from + at}`,
        details: { at: from + at },
        at: NOW,
      })),
    );
  const asRoot = (statement: string) => sql.raw(statement).execute(database.as('admin').kysely);
  const ids = async () =>
    (await database.as('admin').kysely.selectFrom('audit_log').select('id').orderBy('id').execute()).map(
      ({ id }) => id,
    );

  /** Ten lines, sealed. */
  async function sealed() {
    const one = ledger();
    await append(10);
    await one.seal();
    return { ...one, lines: await ids() };
  }

  describe('a ledger', () => {
    it('that nobody has touched is whole, from its beginning to its head', async () => {
      const { verify, lines, told, path } = await sealed();

      const verdict = await verify();

      expect(verdict).toMatchObject({ ok: true, verified: 10, unsealed: 0, problem: null, head: { position: 10 } });
      expect(lines).toHaveLength(10);
      expect(told).toEqual([{ ...verdict.head, at: NOW.toISOString() }]);
      expect((await stat(path)).mode & 0o777).toBe(0o600);
      expect(await readFile(path, 'utf8')).toContain(verdict.head?.seal);
    });

    it('is whole while nothing was ever written', async () => {
      const { seal, verify } = ledger();
      await seal();

      expect(await verify()).toEqual({ ok: true, verified: 0, unsealed: 0, head: null, problem: null });
    });

    it('says what is not sealed yet, and is whole all the same', async () => {
      const { verify } = await sealed();
      await append(3, 11);

      expect(await verify()).toMatchObject({ ok: true, verified: 10, unsealed: 3 });
    });

    it('goes on from round to round, whichever worker seals, and after a line that was taken back', async () => {
      const { newSealer, verify } = await sealed();
      const { kysely } = database.as('worker');
      await kysely
        .transaction()
        .execute(async (tx) => {
          await sql`INSERT INTO audit_log (actor, action, target, details_json, at) VALUES ('a', 'b', 'c', '{}', NOW())`.execute(
            tx,
          );
          throw new Error('taken back');
        })
        .catch(() => undefined);
      await append(5, 11);
      await Promise.all([newSealer()(), newSealer()(), newSealer()()]);
      await newSealer()();

      expect(await verify()).toMatchObject({ ok: true, verified: 15, unsealed: 0 });
    });

    it('seals a line that commits after later ones were sealed', async () => {
      const { seal, verify } = ledger();
      const { kysely } = database.as('worker');
      const late = await kysely.startTransaction().execute();
      await sql`INSERT INTO audit_log (actor, action, target, details_json, at) VALUES ('late', 'b', 'c', '{}', NOW())`.execute(
        late,
      );
      await append(4);
      await seal();
      await late.commit().execute();
      await seal();

      const verdict = await verify();
      const order = await database
        .as('admin')
        .kysely.selectFrom('ledger_seals')
        .select('line_id')
        .orderBy('position')
        .execute();
      expect(verdict).toMatchObject({ ok: true, verified: 5, unsealed: 0 });
      expect(order.at(-1)?.line_id).toBe(Math.min(...(await ids())));
    });

    it('that is older than an hour is looked through as a whole now and then, so that no line stays out', async () => {
      let now = new Date();
      const { seal, verify } = ledger({ now: () => now });
      await append(3);
      await seal();
      await asRoot(`UPDATE ledger_seals SET sealed_at = '2020-01-01'`);
      await asRoot(
        `INSERT INTO audit_log (id, actor, action, target, details_json, at) SELECT MAX(id) + 10, 'a', 'b', 'c', '{}', NOW() FROM audit_log`,
      );
      await seal();
      await asRoot(`UPDATE ledger_seals SET sealed_at = '2020-01-01'`);
      await asRoot(
        `INSERT INTO audit_log (id, actor, action, target, details_json, at) SELECT MAX(id) - 5, 'a', 'b', 'c', '{}', NOW() FROM audit_log`,
      );
      await seal();
      expect(await verify()).toMatchObject({ ok: true, verified: 4, unsealed: 1 });

      now = new Date(now.getTime() + HOUR);
      await seal();
      expect(await verify()).toMatchObject({ ok: true, verified: 5, unsealed: 0 });
    });

    it(`takes ${WRITERS} writers at once, each in its transaction, while it is sealed: every line once, no fork`, async () => {
      const { newSealer, verify } = ledger();
      const web = createRepositories(database.as('web'));
      let writing = true;
      const sealing = [newSealer(), newSealer()].map(async (seal) => {
        while (writing) await seal();
      });
      await Promise.all(
        Array.from({ length: WRITERS }, async (_unused, writer) => {
          for (let at = 0; at < LINES_EACH; at += 1) {
            await web.audit.append({
              actor: `cus_${writer}`,
              action: 'x.done',
              target: `t-${at}`,
              details: {},
              at: NOW,
            });
          }
        }),
      );
      writing = false;
      await Promise.all(sealing);
      await newSealer()();

      expect(await verify()).toMatchObject({ ok: true, verified: WRITERS * LINES_EACH, unsealed: 0 });
    });
  });

  describe('whoever rules the database', () => {
    it.each([
      ['actor', `'cus_2'`],
      ['acting_as', `'cus_2'`],
      ['token_id', `'tok_9'`],
      ['action', `'store.deleted'`],
      ['target', `'sto_99'`],
      ['store_id', 'NULL'],
      ['result', `'failed'`],
      ['details_json', `'{}'`],
      ['address', `'192.0.2.1'`],
      ['request_id', `'req_9'`],
      ['at', `'2026-02-03 04:05:06.788'`],
    ])('cannot change %s of a line unnoticed', async (column, value) => {
      const { verify, lines } = await sealed();
      await asRoot(`UPDATE audit_log SET ${column} = ${value} WHERE id = ${lines[3]}`);

      expect(await verify()).toMatchObject({
        ok: false,
        verified: 3,
        problem: { kind: 'changed', position: 4, lineId: lines[3] },
      });
    });

    it('cannot hide by which token a program did something; what was sealed before lines told it is whole', async () => {
      const { verify, seal, lines, macOf } = await sealed();
      const line = { actor: 'cus_1', action: 'store.created', target: 'sto_11', details: {}, at: NOW };
      await database.repositories.audit.append({ ...line, tokenId: 'tok_1' });
      await seal();
      expect(await verify()).toMatchObject({ ok: true, verified: 11 });
      // As such a line was sealed in those days: no place for a token.
      const at = NOW.toISOString();
      const old = ['line', NO_SEAL, 1, lines[0], 'cus_1', null, 'store.created', 'sto_1', 'sto_1', 'ok', '{"at":1}'];
      const [first] = await database.repositories.ledgerSeals.from(1, 1);
      expect(first?.seal.seal).toBe(macOf(JSON.stringify([...old, null, null, at])));

      await asRoot("UPDATE audit_log SET token_id = NULL WHERE token_id = 'tok_1'");
      expect(await verify()).toMatchObject({ ok: false, problem: { kind: 'changed', position: 11 } });
    });

    it('cannot take a line away, alone or with its seal', async () => {
      const { verify, lines } = await sealed();
      await asRoot(`DELETE FROM audit_log WHERE id = ${lines[6]}`);
      expect(await verify()).toMatchObject({ ok: false, problem: { kind: 'missing', position: 7, lineId: lines[6] } });

      await asRoot(`DELETE FROM ledger_seals WHERE line_id = ${lines[6]}`);
      expect(await verify()).toMatchObject({ ok: false, problem: { kind: 'missing', position: 7, lineId: null } });
      expect(await verify({ from: 9 })).toMatchObject({ ok: true, verified: 2 });
    });

    it('cannot close the gap by moving up what comes after', async () => {
      const { verify, lines } = await sealed();
      await asRoot(`DELETE FROM audit_log WHERE id = ${lines[6]}`);
      await asRoot(`DELETE FROM ledger_seals WHERE line_id = ${lines[6]}`);
      await asRoot('UPDATE ledger_seals SET position = position - 1 WHERE position > 7 ORDER BY position');

      expect(await verify()).toMatchObject({ ok: false, verified: 6, problem: { position: 7, lineId: lines[7] } });
    });

    it('cannot make two lines change places, by their ids or by their seals', async () => {
      const { verify, lines } = await sealed();
      const swap = async (table: string, column: string, a: number, b: number) => {
        await asRoot(`UPDATE ${table} SET ${column} = 999999 WHERE ${column} = ${a}`);
        await asRoot(`UPDATE ${table} SET ${column} = ${a} WHERE ${column} = ${b}`);
        await asRoot(`UPDATE ${table} SET ${column} = ${b} WHERE ${column} = 999999`);
      };
      const [, , third = 0, fourth = 0] = lines;
      await swap('audit_log', 'id', third, fourth);
      expect(await verify()).toMatchObject({ ok: false, problem: { kind: 'reordered', position: 3, lineId: third } });
      await swap('audit_log', 'id', third, fourth);
      expect(await verify()).toMatchObject({ ok: true });

      await swap('ledger_seals', 'position', 3, 4);
      expect(await verify()).toMatchObject({ ok: false, problem: { kind: 'reordered', position: 3, lineId: fourth } });
    });

    it('cannot cut lines off the end, not even when others are written after: the head is kept outside', async () => {
      const { verify, seal, lines, shortened } = await sealed();
      await asRoot(`DELETE FROM audit_log WHERE id >= ${lines[8]}`);
      await asRoot('DELETE FROM ledger_seals WHERE position >= 9');
      expect(await verify()).toMatchObject({ ok: false, verified: 8, problem: { kind: 'missing', position: 9 } });

      await append(5, 20);
      await seal();
      expect(shortened).toEqual([{ sealed: 10, found: 8 }]);
      expect(await verify()).toMatchObject({ ok: false, verified: 8, problem: { kind: 'missing', position: 9 } });
      expect(await verify({ from: 12 })).toMatchObject({ ok: true });
    });

    it('cannot begin anew: neither emptied, nor emptied and filled again with seals of their own', async () => {
      const { verify } = await sealed();
      await asRoot('TRUNCATE TABLE audit_log');
      await asRoot('TRUNCATE TABLE ledger_seals');
      expect(await verify()).toMatchObject({ ok: false, verified: 0, problem: { kind: 'missing', position: 1 } });

      await append(10);
      const forger = createLedgerMac(Buffer.from('not the key'));
      let previous = NO_SEAL;
      const rows = await database.as('admin').kysely.selectFrom('audit_log').select('id').orderBy('id').execute();
      for (const [at, { id }] of rows.entries()) {
        const line = (await database.repositories.ledgerSeals.unsealed({ recentMs: undefined, limit: 10 })).find(
          (one) => one.id === id,
        );
        if (line === undefined) throw new Error('no such line');
        previous = forger(sealedText(previous, at + 1, line));
        await asRoot(`INSERT INTO ledger_seals VALUES (${at + 1}, ${id}, '${previous}', NOW())`);
      }
      expect(await verify()).toMatchObject({ ok: false, verified: 0, problem: { kind: 'changed', position: 1 } });
    });

    it('is not helped by an older head: it is signed, and a checkpoint noted elsewhere still holds', async () => {
      const { verify, path, seal, told } = await sealed();
      const older = await readFile(path, 'utf8');
      await append(5, 11);
      await seal();
      const whole = await verify();
      await writeFile(path, older.replace('"position":10', '"position":8'));
      expect(await verify()).toMatchObject({ ok: false, verified: 15, problem: { kind: 'changed' } });

      await rm(path);
      await asRoot('DELETE FROM ledger_seals WHERE position > 8');
      expect(await verify()).toMatchObject({ ok: true, verified: 8 });
      expect(await verify({ checkpoint: whole.head ?? undefined })).toMatchObject({
        ok: false,
        problem: { kind: 'missing', position: 9 },
      });
      expect(await verify({ checkpoint: { position: 5, seal: 'f'.repeat(64) } })).toMatchObject({
        problem: { kind: 'changed', position: 5 },
      });
      expect(told).toHaveLength(1);
    });
  });

  it('another SECRET_KEY neither seals over the chain nor finds it whole', async () => {
    await sealed();
    const other = ledger({ key: 'another key' });
    await append(1, 11);

    await expect(other.seal()).rejects.toMatchObject({ code: 'secret_unreadable' });
    expect(await other.verify()).toMatchObject({ ok: false, verified: 0, unsealed: 1 });
  });

  describe('its lines', () => {
    it('are about a store only where they say so', async () => {
      await database.repositories.audit.append({
        actor: 'visitor',
        action: 'session.refused',
        target: 'sto_forged',
        details: {},
        at: NOW,
      });

      expect((await database.repositories.audit.page({ storeId: 'sto_forged' }, { limit: 10 })).lines).toEqual([]);
    });

    it('keep who, as whom, on what, from where, in which request and how it ended', async () => {
      const { audit } = database.repositories;
      await audit.append({
        actor: 'cus_op',
        as: 'cus_1',
        address: '2001:db8::1',
        requestId: 'req_1',
        action: 'domain.added',
        target: 'shop.example',
        storeId: 'sto_1',
        result: 'failed',
        details: { why: 'it did' },
        at: NOW,
      });
      await audit.append({
        actor: 'system',
        action: 'store.activated',
        target: 'sto_1',
        storeId: 'sto_1',
        details: {},
        at: NOW,
      });

      const { lines, before } = await audit.page({ storeId: 'sto_1' }, { limit: 10 });
      expect(before).toBeNull();
      expect(lines).toMatchObject([
        { actor: 'system', as: null, storeId: 'sto_1', result: 'ok', address: null, requestId: null },
        {
          actor: 'cus_op',
          as: 'cus_1',
          address: '2001:db8::1',
          requestId: 'req_1',
          target: 'shop.example',
          result: 'failed',
        },
      ]);
    });

    it('tell of an account that somebody else made, once', async () => {
      const { audit, customers } = database.repositories;
      const asked = { email: 'new@example.test', now: NOW, origin: { actor: 'operator:mara' } };
      const made = await customers.getOrCreate(asked);
      await customers.getOrCreate(asked);
      const admin = await customers.create({ ...asked, email: 'ops@example.test', role: 'operator' });

      expect((await audit.list()).map(({ actor, action, target }) => [actor, action, target])).toEqual([
        ['operator:mara', 'admin.created', admin.id],
        ['operator:mara', 'account.created', made.id],
      ]);
    });

    it('are found by each of what they say, page by page', async () => {
      const { audit } = database.repositories;
      const line = { actor: 'cus_1', action: 'store.created', target: 'sto_1', storeId: 'sto_1', details: {}, at: NOW };
      await audit.appendAll([
        line,
        { ...line, action: 'storefront.seen' },
        { ...line, action: 'store', result: 'refused' },
      ]);
      await audit.append({
        ...line,
        actor: 'cus_op',
        as: 'cus_2',
        target: 'x',
        requestId: 'req_7',
        at: new Date(NOW.getTime() + HOUR),
      });
      const found = async (filter: Parameters<typeof audit.page>[0]) =>
        (await audit.page(filter, { limit: 10 })).lines.map(({ action, actor }) => `${actor} ${action}`);

      expect(await found({ action: 'store' })).toEqual(['cus_op store.created', 'cus_1 store', 'cus_1 store.created']);
      expect(await found({ action: 'store.%' })).toEqual([]);
      expect(await found({ result: 'refused' })).toEqual(['cus_1 store']);
      expect(await found({ customerId: 'cus_2' })).toEqual(['cus_op store.created']);
      expect(await found({ requestId: 'req_7' })).toEqual(['cus_op store.created']);
      expect(await found({ since: new Date(NOW.getTime() + 1) })).toEqual(['cus_op store.created']);
      expect(await found({ until: new Date(NOW.getTime() + 1), target: 'sto_1', actor: 'cus_1' })).toHaveLength(3);

      const first = await audit.page({}, { limit: 3 });
      const rest = await audit.page({}, { limit: 3, before: first.before ?? 0 });
      expect([first.lines.length, rest.lines.length, rest.before]).toEqual([3, 1, null]);
    });
  });
});
