import { beforeAll, describe, expect, it, vi } from 'vitest';
import { type AnswerOnceDeps, createAnswerOnce } from '../../../src/accounts/answer-once.ts';
import { digestOf } from '../../../src/adapters/crypto/session-tokens.ts';
import type { KeptAnswerRepository } from '../../../src/adapters/mysql/kept-answers.ts';
import { createExpiryRemoval } from '../../../src/app/remove-expired.ts';
import { DAY, MINUTE } from '../../../src/lib/time.ts';
import { forEachDatabase, type TestDatabase } from '../../services/for-each-database.ts';
import { aNewStore, NOW } from './fixtures.ts';

forEachDatabase((_, connect) => {
  describe('a wish that may come again', () => {
    let answers: KeptAnswerRepository;
    let customerId: string;
    let database: TestDatabase;
    beforeAll(async () => {
      database = await connect();
      answers = database.repositories.keptAnswers;
      ({ customerId } = await aNewStore(database));
    });

    /** `once` at a time of its own, which goes on while somebody waits; and how often the wish was done. */
    function bench(key: string, over: Partial<AnswerOnceDeps['answers']> = {}, finished?: Promise<void>) {
      let [at, asked, done] = [NOW.getTime(), 0, 0];
      const once = createAnswerOnce({
        answers: { ...answers, ...over },
        digestOf,
        now: () => new Date(at),
        pause: async (ms) => {
          at += finished === undefined ? ms : 0;
          await finished;
        },
      });
      return {
        done: () => done,
        later: (ms: number) => {
          at += ms;
        },
        ask: () => {
          asked += 1;
          return once({ customerId, requestId: `req_${asked}`, key, asked: 'it' }, async () => {
            done += 1;
            await finished;
            return { status: 201, body: String(done) };
          });
        },
      };
    }

    it('is not done twice when its answer could not be kept: it is told once, and then that nobody knows', async () => {
      const broken = async () => {
        throw new Error('The database is away.');
      };
      const { ask, done, later } = bench('blip', { keep: broken });
      expect(await ask()).toMatchObject({ status: 201, body: '1' });
      await expect(ask()).rejects.toMatchObject({ code: 'already_running' });
      later(MINUTE);
      await expect(ask()).rejects.toMatchObject({ code: 'outcome_unknown' });
      expect(done()).toBe(1);
      later(DAY);
      expect(await ask()).toMatchObject({ body: '2' });
    });

    it('is not done by whoever comes after one that was killed over it', async () => {
      const { ask, done, later } = bench('killed');
      const at = { customerId, keyHash: digestOf('killed'), fingerprint: digestOf('it'), claimedBy: 'req_dead' };
      const ends = { claimedUntil: new Date(NOW.getTime() + MINUTE), expiresAt: new Date(NOW.getTime() + DAY) };
      expect(await answers.claim({ ...at, ...ends })).toBe(true);
      later(2 * MINUTE);
      await expect(ask()).rejects.toMatchObject({ code: 'outcome_unknown' });
      expect(done()).toBe(0);
    });

    it('keeps two waiting at most, who get the answer; others are told to come again, and can', async () => {
      let finish = (): void => undefined;
      const finished = new Promise<void>((resolve) => {
        finish = resolve;
      });
      const { ask, done } = bench('crowd', {}, finished);
      const first = ask();
      await vi.waitFor(() => expect(done()).toBe(1));
      const said: unknown[] = [];
      const others = Array.from({ length: 5 }, async () => said.push(await ask().catch((refusal: unknown) => refusal)));
      await vi.waitFor(() => expect(said).toHaveLength(3));
      expect(said).toEqual(
        Array.from({ length: 3 }, () => expect.objectContaining({ code: 'already_running', retryable: true })),
      );
      finish();
      await Promise.all(others);
      const answer = { status: 201, body: '1' };
      expect([await first, ...said.slice(3)]).toEqual([answer, answer, answer]);
      expect([await ask(), done()]).toEqual([answer, 1]);
    });

    it('what is over goes, however much it is, some at a time, and not while the worker is to stop', async () => {
      const { kysely } = database.as('admin');
      const row = { customer_id: customerId, fingerprint: digestOf('it'), claimed_by: 'req_1', claimed_until: NOW };
      const many = Array.from({ length: 1101 }, (_unused, at) => ({ ...row, key_hash: digestOf(`old ${at}`) }));
      await kysely
        .insertInto('kept_answers')
        .values(many.map((one) => ({ ...one, expires_at: NOW })))
        .execute();
      await kysely
        .insertInto('kept_answers')
        .values({ ...row, key_hash: digestOf('new'), expires_at: new Date(NOW.getTime() + DAY) })
        .execute();
      const left = async () =>
        (
          await kysely
            .selectFrom('kept_answers')
            .select('key_hash')
            .where('claimed_by', '=', 'req_1')
            .where('claimed_until', '=', NOW)
            .execute()
        ).map((one) => one.key_hash);
      const { repositories } = database;
      const remove = (stopping: AbortSignal) => createExpiryRemoval({ repositories, stopping, now: () => NOW })();
      await remove(AbortSignal.abort());
      expect(await left()).toHaveLength(1102);
      await remove(new AbortController().signal);
      expect(await left()).toEqual([digestOf('new')]);
    });

    it('keeps an answer that a slow first request has given after all', async () => {
      const { ask, done } = bench('slow');
      await ask();
      await answers.release({ customerId, keyHash: digestOf('slow'), claimedBy: 'req_1' });
      expect(await ask()).toEqual({ status: 201, body: '1' });
      expect(done()).toBe(1);
    });
  });
});
