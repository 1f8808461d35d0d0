import { describe, expect, it } from 'vitest';
import { shopctl } from '../../../test/fakes/shopctl.ts';
import { AppError } from '../../domain/errors.ts';
import type { CliActions } from '../actions.ts';

const SENT = { to: 'o@example.com', outcome: 'accepted', where: 'smtp.example.net:587', subject: 'Works' } as const;

describe('mail preview', () => {
  it('writes all kinds, or the one that is asked for, where it is told', async () => {
    const asked: unknown[] = [];
    const previewMail: CliActions['previewMail'] = async (input) => {
      asked.push(input);
      return [{ kind: 'ready', subject: 'Demo is open', html: '/out/ready.html', text: '/out/ready.txt' }];
    };

    const all = await shopctl(['mail', 'preview'], { previewMail });
    const one = await shopctl(['mail', 'preview', 'ready', '--out', '/out', '--json'], { previewMail });

    expect(asked).toEqual([{ folder: 'mail-preview' }, { kind: 'ready', folder: '/out' }]);
    expect(all.stdout.split('\t')).toEqual(['ready', 'Demo is open', '/out/ready.html', '/out/ready.txt']);
    expect([one.code, one.json()]).toMatchObject([0, { items: [{ kind: 'ready', html: '/out/ready.html' }] }]);
  });
});

const A_MAIL = {
  id: 'msg_1',
  kind: 'ready',
  recipient: 'o@example.com',
  storeId: 'sto_1',
  status: 'failed',
  attempts: 20,
  error: { code: 'mail_failed', message: '550 no such user' },
  createdAt: '2026-11-25T10:00:00.000Z',
  nextAttemptAt: '2026-11-25T10:00:00.000Z',
  sentAt: null,
} as const;

describe('mail backlog', () => {
  it('says how much waits and since when, and how to see what was given up', async () => {
    const oldestWaitingAt = '2026-11-25T10:00:00.000Z';
    const some = await shopctl(['mail', 'backlog'], {
      mailBacklog: async () => ({ waiting: 3, failed: 1, oldestWaitingAt }),
    });
    const none = await shopctl(['mail', 'backlog'], {
      mailBacklog: async () => ({ waiting: 0, failed: 0, oldestWaitingAt: null }),
    });

    expect(some.stdout.split('\n')).toEqual(['waiting\t3', `oldest waiting\t${oldestWaitingAt}`, 'given up\t1']);
    expect(some.stderr).toContain('mail list --status failed');
    expect([none.code, none.stdout.split('\n')[1], none.stderr]).toEqual([0, 'oldest waiting\tnone', '']);
  });
});

describe('mail list and resend', () => {
  it('shows what was given up, with why, and sends one of them again', async () => {
    const asked: unknown[] = [];
    const listMail: CliActions['listMail'] = async (input) => {
      asked.push(input);
      return { items: [A_MAIL], before: 'msg_1' };
    };
    const resendMail: CliActions['resendMail'] = async (id) => {
      asked.push(id);
      return { ...A_MAIL, status: 'queued', attempts: 0, error: null };
    };

    const list = await shopctl(['mail', 'list', '--status', 'failed', '--to', 'o@example.com'], { listMail });
    const resent = await shopctl(['mail', 'resend', 'msg_1', '--json'], { resendMail });
    const wrong = await shopctl(['mail', 'list', '--status', 'lost'], { listMail });

    expect(asked).toMatchObject([{ status: 'failed', recipient: 'o@example.com', limit: 50 }, 'msg_1']);
    expect(list.stdout).toContain('550 no such user');
    expect(list.stderr).toContain('--before msg_1');
    expect([resent.code, resent.json()]).toMatchObject([0, { status: 'queued' }]);
    expect(wrong.code).toBe(2);
  });
});

describe('mail test', () => {
  it('tells what became of the mail', async () => {
    const accepted = await shopctl(['mail', 'test', '--to', 'o@example.com', '--json'], { testMail: async () => SENT });
    const written = await shopctl(['mail', 'test', '--to', 'o@example.com'], {
      testMail: async () => ({ ...SENT, outcome: 'written', where: '/data/outbox' }),
    });

    expect([accepted.code, accepted.json()]).toEqual([0, SENT]);
    expect(written.stdout).toContain('folder\t/data/outbox');
    expect(written.stderr).toContain('SMTP_HOST is not set');
  });

  it('a server that refuses ends with 1 and its words, no address with 2', async () => {
    const testMail = () => Promise.reject(new AppError('mail_failed', 'smtp.example.net:587: 550 no such user'));

    const refused = await shopctl(['mail', 'test', '--to', 'o@example.com', '--json'], { testMail });
    const nobody = await shopctl(['mail', 'test']);

    expect([refused.code, refused.json()]).toMatchObject([1, { error: { code: 'mail_failed' } }]);
    expect(refused.stdout).toContain('550 no such user');
    expect([nobody.code, nobody.opened]).toEqual([2, 0]);
  });
});
