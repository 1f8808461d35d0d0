import { type IncomingMessage, request } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { hashPassword } from '../../src/adapters/crypto/hash-password.ts';
import { MINUTE } from '../../src/lib/time.ts';
import { EDGE_ADDRESS } from '../../src/web/server/visitor.ts';
import { forEachDatabase, type TestDatabase } from '../services/for-each-database.ts';
import { startWeb, type Web } from '../services/web.ts';

const EACH = 200;
/** Fewer: each costs a hash that is meant to be dear. */
const LOG_INS = 30;
/** Each takes a port and a network, too. */
const SIGN_UPS = 12;
/** Of the medians, the larger by the smaller. */
const APART_AT_MOST = 1.5;
/** Of the medians: less than anybody could tell apart over a network. */
const APART_AT_MOST_MS = 20;

interface Told {
  readonly status: number | undefined;
  readonly headers: readonly string[];
  readonly body: string;
  readonly ms: number;
}

forEachDatabase(
  (_name, connect) => {
    let database: TestDatabase;
    let web: Web;

    beforeAll(async () => {
      database = await connect();
      web = await startWeb(database);
    }, 5 * MINUTE);
    afterAll(() => web.stop());

    let visitors = 0;
    /** Each from an address of its own, as the edge tells it. */
    function post(path: string, form: Readonly<Record<string, string>>): Promise<Told> {
      visitors += 1;
      const from = `198.18.${Math.floor(visitors / 250)}.${(visitors % 250) + 1}`;
      const body = new URLSearchParams(form).toString();
      const startedAt = performance.now();
      return new Promise((resolve, reject) => {
        const headers = { 'content-type': 'application/x-www-form-urlencoded', 'x-forwarded-for': from };
        const options = { method: 'POST', localAddress: EDGE_ADDRESS, headers };
        request(`${web.base}${path}`, options, (answer) => {
          read(answer).then((text) => {
            const names = Object.entries(answer.headers)
              .filter(([name]) => !['date', 'x-request-id', 'content-security-policy'].includes(name))
              .map(([name, value]) => `${name}: ${value}`);
            resolve({ status: answer.statusCode, headers: names, body: text, ms: performance.now() - startedAt });
          }, reject);
        })
          .on('error', reject)
          .end(body);
      });
    }

    const askForReset = (email: string): Promise<Told> => post('/forgot-password', { email });

    test(
      `nobody learns by a wrong password who has an account: ${LOG_INS} that have, ${LOG_INS} that have none`,
      async () => {
        const passwordHash = await hashPassword('the right password of somebody');
        const numbers = Array.from({ length: LOG_INS }, (_unused, number) => String(number).padStart(3, '0'));
        for (const number of numbers) {
          const email = `has-one-${number}@example.com`;
          await database.repositories.customers.create({ email, role: 'customer', passwordHash });
        }
        const tryWith = async (email: string): Promise<Told> => {
          const told = await post('/login', { email, password: 'certainly the wrong one', next: '/dashboard' });
          // What was typed stands in the form again, and each answer has its moment and a nonce of its own.
          const body = told.body
            .replaceAll(email, 'EMAIL')
            .replaceAll(/nonce=\\?"[^"\\]*\\?"/g, 'nonce')
            .replaceAll(/req_[0-9a-z]{26}/g, 'REQUEST')
            .replaceAll(/\b\d{13}\b/g, 'NOW');
          return { ...told, body };
        };
        await tryWith('first-of-all@example.com');
        const known: Told[] = [];
        const unknown: Told[] = [];
        for (const number of numbers) {
          known.push(await tryWith(`has-one-${number}@example.com`));
          unknown.push(await tryWith(`is-none-${number}@example.com`));
        }

        const shapes = new Set([...known, ...unknown].map(({ ms: _ms, ...told }) => JSON.stringify(told)));
        expect([...shapes]).toHaveLength(1);
        // A hash left out on one side would be most of its time; the machine may be busy, so the margin is wide.
        const ratio = medianOf(known) / medianOf(unknown);
        expect(Math.max(ratio, 1 / ratio)).toBeLessThan(APART_AT_MOST);
      },
      5 * MINUTE,
    );

    test(
      `nobody learns by signing up who has an account: ${SIGN_UPS} addresses that have, ${SIGN_UPS} that have none`,
      async () => {
        const passwordHash = await hashPassword('the right password of somebody');
        const { customers } = database.repositories;
        // What is told apart would be the same shop name, another address: each has one of the same length.
        const signUp = async (email: string, storeName: string): Promise<Told> => {
          const form = { email, password: 'one that nobody has guessed', store_name: storeName, platform: 'wordpress' };
          const told = await post('/signup', form);
          const blank = (text: string): string =>
            text
              .replaceAll(email, 'EMAIL')
              .replaceAll(storeName, 'STORE')
              .replaceAll(/nonce=\\?"[^"\\]*\\?"/g, 'nonce')
              .replaceAll(/(?:req|sto)_[0-9a-z]{26}/g, 'ID')
              // Tokens of sessions and browsers, and the key of the form.
              .replaceAll(/[A-Za-z0-9_.-]{32,}/g, 'TOKEN');
          return { ...told, headers: told.headers.map(blank), body: blank(told.body) };
        };
        const shapes = new Map<string, string>();
        for (let number = 0; number < SIGN_UPS; number += 1) {
          const suffix = String(number).padStart(2, '0');
          const known = `held-by-one-${suffix}@example.com`;
          await customers.create({ email: known, role: 'customer', passwordHash });
          for (const [email, storeName] of [
            [known, `known-shop-${suffix}`],
            [`held-by-non-${suffix}@example.com`, `other-shop-${suffix}`],
          ] as const) {
            const { ms: _ms, ...told } = await signUp(email, storeName);
            shapes.set(JSON.stringify(told), email);
          }
        }

        expect([...shapes.values()]).toHaveLength(1);
        const [shape = ''] = shapes.keys();
        expect(JSON.parse(shape)).toMatchObject({ status: 303 });
        // Who had an account has it as it was: what was made with the address is a stranger's, and nobody's address.
        const accounts = await customers.listForLogin('held-by-one-00@example.com');
        expect(accounts.map(({ isClaimed }) => isClaimed)).toEqual([true, false]);
      },
      5 * MINUTE,
    );

    test(
      `nobody learns by asking for a new password who has an account: ${EACH} that have, ${EACH} that have none`,
      async () => {
        for (let number = 0; number < EACH; number += 1) {
          await database.repositories.customers.create({ email: `known-${number}@example.com`, role: 'customer' });
        }
        await askForReset('first@example.com');
        const known: Told[] = [];
        const unknown: Told[] = [];
        for (let number = 0; number < EACH; number += 1) {
          known.push(await askForReset(`known-${number}@example.com`));
          unknown.push(await askForReset(`nobody-${number}@example.com`));
        }

        const shapes = new Set([...known, ...unknown].map(({ ms: _ms, ...told }) => JSON.stringify(told)));
        expect([...shapes]).toHaveLength(1);
        expect(known[0]?.status).toBe(303);
        expect(Math.abs(medianOf(known) - medianOf(unknown))).toBeLessThan(APART_AT_MOST_MS);
        const resets = database.as('admin').kysely.selectFrom('outbox').where('kind', '=', 'reset-password');
        const queued = await resets.select('recipient').execute();
        expect(queued).toHaveLength(2 * EACH + 1);
      },
      5 * MINUTE,
    );
  },
  { only: 'MySQL' },
);

const medianOf = (told: readonly Told[]): number =>
  told.map(({ ms }) => ms).toSorted((a, b) => a - b)[Math.floor(told.length / 2)] ?? Number.NaN;

async function read(answer: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of answer) text += String(chunk);
  return text;
}
