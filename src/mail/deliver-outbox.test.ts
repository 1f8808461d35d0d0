import { describe, expect, test } from 'vitest';
import { AppError } from '../domain/errors.ts';
import { createOutboxDeliverer, type QueuedMail, recipientsOf } from './deliver-outbox.ts';
import { writeMessage } from './messages.ts';

const WELCOME = {
  title: 'Demo',
  url: 'https://demo.localhost/',
  adminUrl: 'https://demo.localhost/wp-admin/',
  username: 'shopowner',
  dashboardUrl: 'https://localhost/dashboard',
};

function bench(mail: Partial<QueuedMail>, send: () => Promise<void>) {
  const marks: string[] = [];
  const deliver = createOutboxDeliverer({
    owner: 'w',
    outbox: {
      claimDue: async () => [
        {
          id: 'msg_1',
          uniqueKey: 'welcome:sto_1',
          kind: 'welcome',
          recipient: 'o@example.com',
          attempts: 0,
          payload: WELCOME,
          raw: null,
          ...mail,
        },
      ],
      markSent: async () => void marks.push('sent'),
      markFailed: async (_id, error, next) =>
        void marks.push(`failed: ${error.message}; next ${next?.getTime() ?? 'never'}`),
    },
    mailer: { send },
    now: () => new Date(0),
  });
  return { marks, deliver };
}

describe('the outbox', () => {
  test('marks what was sent', async () => {
    const { marks, deliver } = bench({}, async () => undefined);
    await deliver();
    expect(marks).toEqual(['sent']);
  });

  test('waits longer after each failure', async () => {
    const refuse = (): Promise<void> => Promise.reject(new AppError('mail_failed', 'away', { retryable: true }));
    const first = bench({}, refuse);
    const fourth = bench({ attempts: 3 }, refuse);
    await first.deliver();
    await fourth.deliver();
    expect(first.marks).toEqual(['failed: away; next 30000']);
    expect(fourth.marks).toEqual(['failed: away; next 240000']);
  });

  test('gives up what is refused for good, and what was tried twenty times', async () => {
    const refused = bench({}, () => Promise.reject(new AppError('mail_failed', 'no such user')));
    const tired = bench({ attempts: 19 }, () =>
      Promise.reject(new AppError('mail_failed', 'away', { retryable: true })),
    );
    await refused.deliver();
    await tired.deliver();
    expect(refused.marks).toEqual(['failed: no such user; next never']);
    expect(tired.marks).toEqual(['failed: away; next never']);
  });
});

test('the welcome mail has links and no password, and a title cannot begin a line of its own', () => {
  const { subject, text } = writeMessage('welcome', { ...WELCOME, title: 'A\r\nBcc: x@example.com' });
  expect(subject).toBe('A Bcc: x@example.com is open');
  expect(text).toContain(WELCOME.adminUrl);
  expect(text.split('\n').some((line) => line.startsWith('Bcc'))).toBe(false);
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
