import { describe, expect, test } from 'vitest';
import { AppError } from '../domain/errors.ts';
import type { OutboxLane } from '../domain/outbox.ts';
import { createOutboxDeliverer, type QueuedMail } from './deliver-outbox.ts';
import { recipientsOf } from './recipients.ts';
import { SAMPLE_FACTS } from './sample-facts.ts';

/** An outbox of so many mails that are due, and a server that answers each as told. */
function bench(
  mails: readonly Partial<QueuedMail>[],
  send: (to: string) => Promise<void>,
  lane: OutboxLane = 'platform',
) {
  const marks: string[] = [];
  const due = mails.map((changes, at) => ({ ...A_MAIL, id: `msg_${at}`, recipient: `o${at}@example.com`, ...changes }));
  const deliver = createOutboxDeliverer({
    owner: 'w',
    lane,
    carry: async (storeId) => {
      await send(storeId);
      return { answer: '250 ok', from: 'noreply@example.com', way: 'platform' };
    },
    outbox: {
      holdBack: async (storeId, until) => void marks.push(`${storeId} held until ${until.getTime()}`),
      claimDue: async ({ limit }) => due.splice(0, limit),
      markSent: async (id) => void marks.push(`${id} sent`),
      remove: async (id) => void marks.push(`${id} removed`),
      markFailed: async (id, error, next) =>
        void marks.push(`${id} failed: ${error.message}; next ${next?.getTime() ?? 'never'}`),
    },
    mailer: { send: ({ to }) => send(String(to)) },
    support: null,
    complete: async (mail) => (mail.kind === 'for nobody' ? null : mail),
    stopping: new AbortController().signal,
    now: () => new Date(0),
  });
  return { marks, deliver };
}

const A_MAIL: QueuedMail = {
  id: 'msg_1',
  uniqueKey: 'welcome:sto_1',
  storeId: null,
  kind: 'ready',
  recipient: 'o@example.com',
  attempts: 1,
  payload: SAMPLE_FACTS.ready,
  raw: null,
};
const away = (): Promise<void> => Promise.reject(new AppError('mail_failed', 'away', { retryable: true }));
const refuse = (): Promise<void> => Promise.reject(new AppError('mail_failed', 'no such user'));

describe('the outbox', () => {
  test('sends all that is due and marks it', async () => {
    const { marks, deliver } = bench([{}, {}], async () => undefined);
    await deliver();
    expect(marks).toEqual(['msg_0 sent', 'msg_1 sent']);
  });

  test('takes away a mail that is for nobody any more, and goes on with the next', async () => {
    const { marks, deliver } = bench([{ kind: 'for nobody' }, {}], async () => undefined);
    await deliver();
    expect(marks).toEqual(['msg_0 removed', 'msg_1 sent']);
  });

  test('waits longer after each failure, never longer than an hour', async () => {
    for (const [attempts, waitMs] of [
      [1, 30_000],
      [4, 240_000],
      [19, 3_600_000],
    ] as const) {
      const { marks, deliver } = bench([{ attempts }], away);
      await deliver();
      expect(marks).toEqual([`msg_0 failed: away; next ${waitMs}`]);
    }
  });

  test('a turn ends at the first mail that has to wait: a server that hangs is asked once', async () => {
    const { marks, deliver } = bench([{}, {}], away);
    await deliver();
    expect(marks).toEqual(['msg_0 failed: away; next 30000']);
  });

  test('gives up what is refused for good, what nobody can write, and what was tried twenty times; the rest goes on', async () => {
    const { marks, deliver } = bench([{}, { kind: 'none' }, { payload: { password: 'x' } }, {}], (to) =>
      to === 'o0@example.com' ? refuse() : Promise.resolve(),
    );
    const tired = bench([{ attempts: 20 }], away);
    await deliver();
    await tired.deliver();
    expect(marks).toEqual([
      'msg_0 failed: no such user; next never',
      'msg_1 failed: There is no mail called none.; next never',
      expect.stringMatching(/^msg_2 failed: A ready mail has not the facts it needs: .*; next never$/),
      'msg_3 sent',
    ]);
    expect(tired.marks).toEqual(['msg_0 failed: away; next never']);
  });
});

test('a shop whose own server hangs waits as a whole, and nobody waits with it', async () => {
  const raw = Buffer.from('To: b@example.com\r\n\r\nhi');
  const written = ['sto_stuck', 'sto_well'].map((storeId) => ({ kind: 'store-mail', recipient: null, raw, storeId }));
  const send = (storeId: string) => (storeId === 'sto_stuck' ? away() : Promise.resolve());
  const { marks, deliver } = bench(written, send, 'own-servers');

  await deliver();

  expect(marks.toSorted()).toEqual(['msg_0 failed: away; next 30000', 'msg_1 sent', 'sto_stuck held until 30000']);
});

describe('recipients of a shop’s own mail', () => {
  test('are the ones its sendmail noted', () => {
    expect(
      recipientsOf(Buffer.from('X-Shop-Envelope-To: a@example.com, b@example.com\r\nTo: c@example.com\r\n\r\nhi')),
    ).toEqual(['a@example.com', 'b@example.com']);
  });

  test('else the ones in its header, folded lines too, and never what the body says', () => {
    const raw = Buffer.from(
      'To: Ann <a@example.com>,\r\n "B" <b@example.com>\r\nSubject: x\r\n\r\nTo: evil@example.com',
    );
    expect(recipientsOf(raw)).toEqual(['a@example.com', 'b@example.com']);
  });

  test('a mail for nobody is refused', () => {
    expect(() => recipientsOf(Buffer.from('Subject: x\n\nbody'))).toThrow(AppError);
  });
});
