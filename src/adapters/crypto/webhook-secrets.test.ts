import { describe, expect, it } from 'vitest';
import {
  createWebhookSecretMaker,
  createWebhookSecretReader,
  signWebhook,
  webhookSealingKey,
} from './webhook-secrets.ts';

const KEY = new Uint8Array(32).fill(7);

describe('a signing secret', () => {
  it('is made and sealed by one half of the key, and opened by the other alone', async () => {
    const { secret, sealed } = await createWebhookSecretMaker(webhookSealingKey(KEY)).make('whe_1');

    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(sealed).not.toContain(secret.slice(6));
    expect(await createWebhookSecretReader(KEY)(sealed, 'whe_1')).toBe(secret);
    // What seals is no key that opens, however it is tried.
    const half = Buffer.from(webhookSealingKey(KEY), 'base64').subarray(-32);
    await expect(createWebhookSecretReader(half)(sealed, 'whe_1')).rejects.toMatchObject({ code: 'secret_unreadable' });
  });

  it('opens at its own endpoint alone, and not when it was changed', async () => {
    const { sealed } = await createWebhookSecretMaker(webhookSealingKey(KEY)).make('whe_1');
    const open = createWebhookSecretReader(KEY);
    const changed = `${sealed.slice(0, -2)}${sealed.endsWith('A') ? 'B' : 'A'}${sealed.slice(-1)}`;

    for (const [text, id] of [
      [sealed, 'whe_2'],
      [changed, 'whe_1'],
      ['', 'whe_1'],
    ] as const) {
      await expect(open(text, id)).rejects.toMatchObject({ code: 'secret_unreadable' });
    }
  });

  it('is another one each time', async () => {
    const { make } = createWebhookSecretMaker(webhookSealingKey(KEY));

    expect((await make('whe_1')).secret).not.toBe((await make('whe_1')).secret);
  });
});

it('signs as Standard Webhooks says (its own example)', () => {
  const message = { id: 'msg_p5jXN8AQM9LWM0D4loKWxJek', timestamp: 1614265330, body: '{"test": 2432232314}' };

  expect(signWebhook('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', message)).toBe(
    'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  );
});
