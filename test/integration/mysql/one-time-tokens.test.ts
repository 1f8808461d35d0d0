import { beforeAll, describe, expect, it } from 'vitest';
import { createRepositories } from '../../../src/adapters/mysql/index.ts';
import type { NewOneTimeToken, OneTimeTokenRepository } from '../../../src/adapters/mysql/one-time-tokens.ts';
import { MINUTE } from '../../../src/lib/time.ts';
import { forEachDatabase } from '../../services/for-each-database.ts';
import { NOW } from './fixtures.ts';

const AT_ONCE = 20;
const later = (ms: number) => new Date(NOW.getTime() + ms);

let made = 0;
function aToken(over: Partial<NewOneTimeToken> = {}): NewOneTimeToken {
  made += 1;
  return {
    tokenHash: String(made).padStart(64, '0'),
    purpose: 'reset-password',
    subject: `cus_${made}`,
    facts: { email: 'a@x.test' },
    now: NOW,
    expiresAt: later(30 * MINUTE),
    ...over,
  };
}

forEachDatabase((_, connect) => {
  describe('a one-time token', () => {
    let tokens: OneTimeTokenRepository;
    beforeAll(async () => {
      const database = await connect();
      tokens = createRepositories(database.as('web')).oneTimeTokens;
    });

    it('is good for exactly one of twenty that come at once', async () => {
      const token = aToken();
      await tokens.issue(token);

      const answers = await Promise.allSettled(
        Array.from({ length: AT_ONCE }, () => tokens.use({ ...token, now: later(MINUTE) })),
      );

      const won = answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value] : []));
      const lost = answers.flatMap((answer) => (answer.status === 'rejected' ? [answer.reason as unknown] : []));
      expect(won).toEqual([{ subject: token.subject, facts: { email: 'a@x.test' } }]);
      expect(lost).toHaveLength(AT_ONCE - 1);
      for (const reason of lost) expect(reason).toMatchObject({ code: 'link_invalid' });
    });

    it('is looked at without being used', async () => {
      const token = aToken();
      await tokens.issue(token);

      for (let look = 1; look <= 3; look += 1)
        expect(await tokens.find(token)).toMatchObject({ subject: token.subject });

      await expect(tokens.use(token)).resolves.toMatchObject({ subject: token.subject });
      expect(await tokens.find(token)).toBeUndefined();
    });

    it.each([
      ['its time is over', { now: later(30 * MINUTE) }],
      ['it is for something else', { purpose: 'verify-email' as const }],
      ['there is none', { tokenHash: 'f'.repeat(64) }],
    ])('is good for nothing when %s', async (_why, over) => {
      const token = aToken();
      await tokens.issue(token);

      expect(await tokens.find({ ...token, ...over })).toBeUndefined();
      await expect(tokens.use({ ...token, ...over })).rejects.toMatchObject({ code: 'link_invalid' });
      await expect(tokens.use(token)).resolves.toBeDefined();
    });

    it('gives way to a newer one of its purpose and subject, and to no other', async () => {
      const [old, elsewhere] = [aToken(), aToken()];
      const [other, young] = [
        aToken({ subject: old.subject, purpose: 'verify-email' }),
        aToken({ subject: old.subject }),
      ];
      for (const token of [old, elsewhere, other, young]) await tokens.issue(token);

      await expect(tokens.use(old)).rejects.toMatchObject({ code: 'link_invalid' });
      for (const token of [elsewhere, other, young]) await expect(tokens.use(token)).resolves.toBeDefined();
    });

    it('gives way to none that takes back what was done since another moment', async () => {
      const old = aToken({ purpose: 'disown-factor', since: NOW });
      const other = aToken({ subject: old.subject, purpose: 'disown-factor', since: later(1) });
      const young = aToken({ subject: old.subject, purpose: 'disown-factor', since: NOW });
      for (const token of [old, other, young]) await tokens.issue(token);

      await expect(tokens.use(old)).rejects.toMatchObject({ code: 'link_invalid' });
      for (const token of [other, young])
        await expect(tokens.use(token)).resolves.toMatchObject({ since: token.since });
    });

    it('is gone once it is called back, or long over', async () => {
      const [revoked, old] = [aToken(), aToken({ expiresAt: later(1) })];
      for (const token of [revoked, old]) await tokens.issue(token);

      await tokens.revoke(revoked.purpose, revoked.subject);
      await tokens.removeExpired(later(1));

      for (const token of [revoked, old]) {
        await expect(tokens.use(token)).rejects.toMatchObject({ code: 'link_invalid' });
      }
    });
  });
});
