import type { AnswerClaim, KeptAnswerRepository } from '../adapters/mysql/kept-answers.ts';
import { AppError } from '../domain/errors.ts';
import { DAY, MINUTE, SECOND } from '../lib/time.ts';
import type { AnswerServices, KeptAnswer } from '../web/services/answers.ts';

/** How long a key stands for what was asked under it. */
const KEPT_MS = DAY;
/** Longer than any request takes: whoever has claimed the key longer ago tells nobody any more what became of it. */
const CLAIM_MS = MINUTE;
/** As long as somebody with the same key waits for the first one. */
const WAIT_MS = 20 * SECOND;
const FIRST_LOOK_AFTER_MS = 25;
const LOOK_EVERY_MS = 200;
/** Of those with the same key in this process: each asks the database again and again. */
const MOST_WAITING = 2;
/** In place of the status of an answer that held a secret. */
const NOT_KEPT = 0;

export interface AnswerOnceDeps {
  readonly answers: Pick<KeptAnswerRepository, 'claim' | 'find' | 'keep' | 'release' | 'remove'>;
  readonly digestOf: (text: string) => string;
  readonly pause: (ms: number) => Promise<unknown>;
  readonly now: () => Date;
}

type Wish = Parameters<AnswerServices['once']>[0];

/** See `AnswerServices.once`. A worker removes what is over. */
export function createAnswerOnce({ answers, digestOf, pause, now }: AnswerOnceDeps): AnswerServices['once'] {
  const waiting = new Map<string, number>();
  return async (wish, act) => {
    const place = `${wish.customerId} ${wish.key}`;
    let waits = false;
    const enter = (): void => {
      if (waits) return;
      const others = waiting.get(place) ?? 0;
      if (others >= MOST_WAITING) throw stillAtIt();
      waiting.set(place, others + 1);
      waits = true;
    };
    try {
      return await answerTo(wish, act, enter);
    } finally {
      const left = (waiting.get(place) ?? 0) - (waits ? 1 : 0);
      if (left > 0) waiting.set(place, left);
      else waiting.delete(place);
    }
  };

  /** `enter`: throws where it cannot wait. */
  async function answerTo(
    { customerId, requestId, key, asked }: Wish,
    act: () => Promise<KeptAnswer>,
    enter: () => void,
  ): Promise<KeptAnswer> {
    const begun = now().getTime();
    const at = { customerId, keyHash: digestOf(key) };
    const fingerprint = digestOf(asked);
    for (let waited = FIRST_LOOK_AFTER_MS; ; waited = Math.min(2 * waited, LOOK_EVERY_MS)) {
      const known = await answers.find(at);
      if (known === undefined) {
        const claim = { ...at, fingerprint, claimedBy: requestId, ...endsOf(now()) };
        if (await answers.claim(claim)) return doIt(claim, act);
        continue; // Somebody else has come first.
      }
      if (known.expiresAt <= now()) {
        await answers.remove({ ...at, claimedBy: known.claimedBy });
        continue;
      }
      if (known.fingerprint !== fingerprint) throw reused();
      if (known.status === NOT_KEPT) throw notKept();
      if (known.status !== null) return { status: known.status, body: known.body };
      // Whoever was at it has done it, or has not, and can tell nobody any more: it is not for us to do it twice.
      if (known.claimedUntil <= now()) throw unknown();
      if (now().getTime() - begun >= WAIT_MS) throw stillAtIt();
      enter();
      await pause(waited);
    }
  }

  async function doIt(claim: AnswerClaim, act: () => Promise<KeptAnswer>): Promise<KeptAnswer> {
    const answer = await act().catch(async (refusal: unknown) => {
      await answers.release(claim);
      throw refusal;
    });
    // It is done by now, whether that can be written down or not: who asked is told, and nobody does it again.
    const kept = answer.isSecret === true ? { status: NOT_KEPT, body: null } : answer;
    await answers.keep(claim, kept).catch(() => undefined);
    return answer;
  }
}

function endsOf(now: Date): Pick<AnswerClaim, 'claimedUntil' | 'expiresAt'> {
  return { claimedUntil: new Date(now.getTime() + CLAIM_MS), expiresAt: new Date(now.getTime() + KEPT_MS) };
}

const notKept = () => new AppError('answer_not_kept', 'The answer under this key held a secret.');
const unknown = () =>
  new AppError('outcome_unknown', 'The first request with this key ended without an answer: it may be done.');
const reused = () => new AppError('key_reused', 'Something else was asked for under this key.');
const stillAtIt = () =>
  new AppError('already_running', 'The first request with this key is still under way.', { retryable: true });
