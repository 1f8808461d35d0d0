import { describe, expect, it } from 'vitest';
import { TooManyTriesError } from '../domain/errors.ts';
import { createTestMails } from './test-mails.ts';

function testMails({ areLeft = true } = {}) {
  const queued: unknown[] = [];
  const { sendTest } = createTestMails({
    entries: { queueTest: async (mail) => void queued.push(mail) },
    count: async () => {
      if (!areLeft) throw new TooManyTriesError('test mails', 1000);
    },
    publicUrl: 'https://panel.test/',
    now: () => new Date(0),
  });
  return { queued, sendTest };
}

describe('a test mail', () => {
  it('is queued for one address, in its one spelling, with who asked', async () => {
    const { queued, sendTest } = testMails();
    await sendTest(' Ops@Example.com', { actor: 'cus_ops' });

    expect(queued).toEqual([
      {
        recipient: 'ops@example.com',
        payload: { publicUrl: 'https://panel.test/', sentAt: '1970-01-01T00:00:00.000Z' },
        origin: { actor: 'cus_ops' },
        now: new Date(0),
      },
    ]);
  });

  it.each(['', 'nobody', 'a@b\nBcc: c@d.example', 'a@example.com, b@example.com'])('goes to no %j', async (to) => {
    const { queued, sendTest } = testMails();
    await expect(sendTest(to, { actor: 'cus_ops' })).rejects.toMatchObject({ code: 'invalid_input' });
    expect(queued).toEqual([]);
  });

  it('is refused when there were enough', async () => {
    const { queued, sendTest } = testMails({ areLeft: false });
    await expect(sendTest('ops@example.com', { actor: 'cus_ops' })).rejects.toMatchObject({ code: 'too_many_tries' });
    expect(queued).toEqual([]);
  });
});
