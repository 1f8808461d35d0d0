import { describe, expect, it } from 'vitest';
import type { Origin } from '../domain/origin.ts';
import type { OutboxEntry } from '../domain/outbox.ts';
import { MAIL_KINDS } from './mail-kinds.ts';
import { createOutboxDesk } from './outbox-desk.ts';
import { SAMPLE_FACTS } from './sample-facts.ts';

const TOKEN = 'Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4Zm9vYmFyYmF';
const ENTRY: OutboxEntry = {
  id: 'msg_1',
  kind: 'welcome',
  recipient: 'mara@example.com',
  storeId: 'sto_1',
  status: 'failed',
  attempts: 20,
  error: { code: 'mail_failed', message: 'away' },
  createdAt: new Date(0),
  nextAttemptAt: new Date(1),
  sentAt: null,
};

function deskOf(payload: unknown, over: Partial<OutboxEntry> = {}) {
  const resent: (Origin & { id: string })[] = [];
  const entry = { ...ENTRY, ...over };
  const desk = createOutboxDesk({
    support: null,
    complete: async (mail) => mail,
    entries: {
      page: async () => ({ mails: [entry], before: null }),
      get: async () => ({ entry, payload }),
      resend: async (request) => void resent.push(request),
    },
    now: () => new Date(5),
  });
  return { desk, resent };
}

describe('the outbox at the desk', () => {
  it.each(MAIL_KINDS)('shows what a %s mail says', async (kind) => {
    const { desk } = deskOf(SAMPLE_FACTS[kind], { kind });
    const shown = await desk.preview('msg_1');

    expect(shown).toMatchObject({ mail: { id: 'msg_1', createdAt: '1970-01-01T00:00:00.000Z', sentAt: null } });
    for (const fact of Object.values(SAMPLE_FACTS[kind])) {
      if (!/[\w-]{40}/.test(String(fact))) expect(shown.text).toContain(fact);
    }
  });

  it('never shows a link that works once', async () => {
    const links = {
      progressUrl: `https://p.example/reset/${TOKEN}`,
      dashboardUrl: `https://p.example/?token=${TOKEN}`,
    };
    const { desk } = deskOf({ ...SAMPLE_FACTS.welcome, ...links });
    const shown = await desk.preview('msg_1');

    expect(JSON.stringify(shown)).not.toContain(TOKEN);
    expect(shown.text).toContain('https://p.example/reset/hidden');
  });

  it('keeps what shops write to their buyers to them', async () => {
    await expect(deskOf(null, { kind: 'shop' }).desk.preview('msg_1')).rejects.toMatchObject({
      code: 'not_allowed_now',
    });
  });

  it('sends once more in the name of whoever asks', async () => {
    const { desk, resent } = deskOf({});
    await desk.resend('msg_1', { actor: 'cus_op', requestId: 'req_1' });

    expect(resent).toEqual([{ id: 'msg_1', actor: 'cus_op', requestId: 'req_1', now: new Date(5) }]);
  });
});
