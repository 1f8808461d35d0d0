import type { AnswerClaim, KeptAnswerRepository } from '../adapters/mysql/kept-answers.ts';
import { AppError } from '../domain/errors.ts';
import { DAY, MINUTE, SECOND } from '../lib/time.ts';
import type { AnswerServices, KeptAnswer } from '../web/services/answers.ts';

/** How long a key stands for what was asked under it. */
const KEPT_MS = DAY;
/** Longer than any request takes: whoever has claimed the key longer ago has died over it. */
const CLAIM_MS = MINUTE;
/** As long as somebody with the same key waits for the first one. */
const WAIT_MS = 20 * SECOND;
const FIRST_LOOK_AFTER_MS = 25;
const LOOK_EVERY_MS = 200;
/** In place of the status of an answer that held a secret. */
const NOT_KEPT = 0;

export interface AnswerOnceDeps {
  readonly answers: Pick<KeptAnswerRepository, 'claim' | 'find' | 'keep' | 'release'>;
  readonly digestOf: (text: string) => string;
  readonly pause: (ms: number) => Promise<unknown>;
  readonly now: () => Date;
}

/** See `AnswerServices.once`. A worker removes what is over. */
export function createAnswerOnce({ answers, digestOf, pause, now }: AnswerOnceDeps): AnswerServices['once'] {
  return async ({ customerId, requestId, key, asked }, act) => {
    const begun = now().getTime();
    const at = { customerId, keyHash: digestOf(key) };
    const fingerprint = digestOf(asked);
    for (let waited = FIRST_LOOK_AFTER_MS; ; waited = Math.min(2 * waited, LOOK_EVERY_MS)) {
      const claim = { ...at, fingerprint, claimedBy: requestId, ...endsOf(now()) };
      if (await answers.claim(claim)) return doIt(claim, act);
      const known = await answers.find(at);
      if (known === undefined) continue; // Given up just now: the key is free.
      const isOver = known.expiresAt <= now() || (known.status === null && known.claimedUntil <= now());
      if (isOver) await answers.release({ ...at, claimedBy: known.claimedBy });
      else if (known.fingerprint !== fingerprint) throw reused();
      else if (known.status === NOT_KEPT) throw notKept();
      else if (known.status !== null) return { status: known.status, body: known.body };
      else if (now().getTime() - begun >= WAIT_MS) throw stillAtIt();
      if (!isOver) await pause(waited);
    }
  };

  async function doIt(claim: AnswerClaim, act: () => Promise<KeptAnswer>): Promise<KeptAnswer> {
    try {
      const answer = await act();
      await answers.keep(claim, answer.isSecret === true ? { status: NOT_KEPT, body: null } : answer);
      return answer;
    } catch (refusal) {
      await answers.release(claim);
      throw refusal;
    }
  }
}

function endsOf(now: Date): Pick<AnswerClaim, 'claimedUntil' | 'expiresAt'> {
  return { claimedUntil: new Date(now.getTime() + CLAIM_MS), expiresAt: new Date(now.getTime() + KEPT_MS) };
}

const notKept = () => new AppError('answer_not_kept', 'The answer under this key held a secret.');
const reused = () => new AppError('key_reused', 'Something else was asked for under this key.');
const stillAtIt = () =>
  new AppError('already_running', 'The first request with this key is still under way.', { retryable: true });
