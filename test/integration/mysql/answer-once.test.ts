import { beforeAll, describe, expect, it } from 'vitest';
import { type AnswerOnceDeps, createAnswerOnce } from '../../../src/accounts/answer-once.ts';
import { digestOf } from '../../../src/adapters/crypto/session-tokens.ts';
import type { KeptAnswerRepository } from '../../../src/adapters/mysql/kept-answers.ts';
import { DAY, MINUTE } from '../../../src/lib/time.ts';
import { forEachDatabase } from '../../services/for-each-database.ts';
import { aNewStore, NOW } from './fixtures.ts';

forEachDatabase((_, connect) => {
  describe('a wish that may come again', () => {
    let answers: KeptAnswerRepository;
    let customerId: string;
    beforeAll(async () => {
      const database = await connect();
      answers = database.repositories.keptAnswers;
      ({ customerId } = await aNewStore(database));
    });

    /** `once` at a time of its own, which goes on while somebody waits; and how often the wish was done. */
    function bench(key: string, over: Partial<AnswerOnceDeps['answers']> = {}) {
      let [at, asked, done] = [NOW.getTime(), 0, 0];
      const once = createAnswerOnce({
        answers: { ...answers, ...over },
        digestOf,
        now: () => new Date(at),
        pause: async (ms) => {
          at += ms;
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

    it('keeps an answer that a slow first request has given after all', async () => {
      const { ask, done } = bench('slow');
      await ask();
      await answers.release({ customerId, keyHash: digestOf('slow'), claimedBy: 'req_1' });
      expect(await ask()).toEqual({ status: 201, body: '1' });
      expect(done()).toBe(1);
    });
  });
});
