import { stat } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { deriveKey } from './derive-key.ts';
import { createDeviceTokens } from './device-tokens.ts';
import { createPasswordHasher, hashPassword, verifyPassword } from './hash-password.ts';
import { makePassword } from './make-password.ts';
import { createSealer, createSealingKeys } from './seal.ts';
import { digestOf, makeToken } from './session-tokens.ts';

const row = { owner: 'sto_a', name: 'db-password' };
const key = deriveKey('a secret key', 'sealed-secrets');
const sealer = createSealer(createSealingKeys(key));

describe('deriveKey', () => {
  it('gives each purpose its own 256-bit key, the same every time', () => {
    expect(key).toHaveLength(32);
    expect(deriveKey('a secret key', 'sealed-secrets')).toEqual(key);
    expect(deriveKey('a secret key', 'devices')).not.toEqual(key);
    expect(deriveKey('another', 'sealed-secrets')).not.toEqual(key);
  });
});

describe('a sealed text', () => {
  it('opens in its own row and does not show what it holds', async () => {
    const sealed = await sealer.seal('pässwörd 🔑', row);

    expect(sealed.text).not.toContain('pässwörd');
    expect(await sealer.open(sealed.text, row)).toBe('pässwörd 🔑');
  });

  it('is different each time, for the same clear text', async () => {
    expect((await sealer.seal('x', row)).text).not.toBe((await sealer.seal('x', row)).text);
  });

  it.each([
    { owner: 'sto_b', name: 'db-password' },
    { owner: 'sto_a', name: 'admin-password' },
  ])('does not open in the row $owner/$name', async (other) => {
    const { text } = await sealer.seal('x', row);

    await expect(sealer.open(text, other)).rejects.toMatchObject({ code: 'secret_unreadable' });
  });

  it('does not open with another key, and says which one it wants', async () => {
    const { text, keyId } = await sealer.seal('x', row);
    const other = createSealer(createSealingKeys(deriveKey('another', 'sealed-secrets')));

    await expect(other.open(text, row)).rejects.toThrow(keyId);
  });

  it('still opens after the current key has changed, while the old one is kept', async () => {
    const { text } = await sealer.seal('x', row);
    const next = createSealer(createSealingKeys(deriveKey('next', 'sealed-secrets'), [key]));

    expect(await next.open(text, row)).toBe('x');
  });

  it.each(['', 'x', 'a.b.c.d.e'])('is refused when it is the text %j', async (text) => {
    await expect(sealer.open(text, row)).rejects.toMatchObject({ code: 'secret_unreadable' });
  });

  it('is refused when one character of it was changed', async () => {
    const { text } = await sealer.seal('x', row);
    const parts = text.split('.');
    parts[3] = `${parts[3]?.startsWith('A') ? 'B' : 'A'}${parts[3]?.slice(1) ?? ''}`;

    await expect(sealer.open(parts.join('.'), row)).rejects.toMatchObject({ code: 'secret_unreadable' });
  });
});

describe('makePassword', () => {
  it('has the length asked for, no look-alikes, nothing a program could take for an option', () => {
    const passwords = Array.from({ length: 200 }, () => makePassword(24));

    expect(new Set(passwords).size).toBe(200);
    for (const password of passwords) expect(password).toMatch(/^[A-HJ-NP-Za-km-z2-9]{24}$/);
  });

  it('has a capital, a small letter and a digit, however short it is: applications refuse one without', () => {
    for (const password of Array.from({ length: 200 }, () => makePassword(4))) {
      for (const kind of [/[A-Z]/, /[a-z]/, /\d/]) expect(password).toMatch(kind);
    }
    expect(() => makePassword(2)).toThrow(RangeError);
  });
});

describe('hashPassword', () => {
  it('makes an argon2id hash that only its password matches', async () => {
    const made = await hashPassword('correct horse');

    expect(made).toMatch(/^\$argon2id\$v=19\$m=65536,t=3,p=1\$/);
    expect(await verifyPassword(made, 'correct horse')).toBe(true);
    expect(await verifyPassword(made, 'wrong horse')).toBe(false);
    expect(await verifyPassword('not a hash', 'correct horse')).toBe(false);
  });
});

describe('a password hasher', () => {
  const hasher = createPasswordHasher(deriveKey('a secret key', 'password-salts'));
  const recipe = hasher.todaysRecipe(hasher.saltOf('ann@example.test'));

  it('makes the same hash from the same recipe and password, one that anybody can verify', async () => {
    const made = await hasher.hash(recipe, 'correct horse');

    expect(made).toMatch(/^\$argon2id\$v=19\$m=65536,t=3,p=1\$/);
    expect(await hasher.hash(recipe, 'correct horse')).toBe(made);
    expect(await hasher.hash(recipe, 'wrong horse')).not.toBe(made);
    expect(await verifyPassword(made, 'correct horse')).toBe(true);
  });

  it('reads the recipe of any hash, also of yesterday’s, and of nothing else', async () => {
    const old = { memoryCost: 8192, timeCost: 1, parallelism: 2, salt: recipe.salt };
    expect(hasher.recipeOf(await hasher.hash(old, 'x'))).toEqual(old);

    const another = await hashPassword('x');
    const found = hasher.recipeOf(another);
    expect(found && (await hasher.hash(found, 'x'))).toBe(another);
    for (const text of ['', 'x', '$2b$10$abcdefghijklmnopqrstuv', '$argon2id$v=19$m=x,t=3,p=1$c2FsdA$aGFzaA']) {
      expect(hasher.recipeOf(text)).toBeUndefined();
    }
  });

  it('leaves threads for files, however many wait for their hash', async () => {
    const slow = { memoryCost: 8192, timeCost: 60, parallelism: 1, salt: recipe.salt };
    const hashes = Array.from({ length: 4 }, () => hasher.hash(slow, 'x'));
    await new Promise((resolve) => setImmediate(resolve));

    const first = await Promise.race([
      stat('/proc/self').then(() => 'file'),
      ...hashes.map((made) => made.then(() => 'hash')),
    ]);

    expect(first).toBe('file');
    await Promise.all(hashes);
  });

  it('refuses those who would wait for very long, and serves again after that', async () => {
    const cheap = { memoryCost: 8, timeCost: 1, parallelism: 1, salt: recipe.salt };

    const outcomes = await Promise.allSettled(Array.from({ length: 300 }, () => hasher.hash(cheap, 'x')));

    const refused = outcomes.filter(({ status }) => status === 'rejected');
    expect(refused.length).toBeGreaterThanOrEqual(100);
    expect(refused.length).toBeLessThan(200);
    expect(refused[0]).toMatchObject({ reason: { code: 'too_many_tries', retryable: true, retryAfterMs: 10_000 } });
    await expect(hasher.hash(cheap, 'x')).resolves.toContain('argon2id');
  });

  it('has a salt of its own for each address and each key', () => {
    const other = createPasswordHasher(deriveKey('another key', 'password-salts'));

    expect(hasher.saltOf('ann@example.test')).toBe(recipe.salt);
    expect(hasher.saltOf('bob@example.test')).not.toBe(recipe.salt);
    expect(other.saltOf('ann@example.test')).not.toBe(recipe.salt);
    expect(Buffer.from(recipe.salt, 'base64')).toHaveLength(16);
  });
});

describe('a device token', () => {
  const devices = createDeviceTokens(key);

  it('tells the customer and the browser, and is another one each time', () => {
    const token = devices.make('cus_1');

    expect(devices.read(token)).toMatchObject({ customerId: 'cus_1' });
    expect(devices.make('cus_1')).not.toBe(token);
  });

  it('tells when a second factor was proven in it, and nobody else can say so', () => {
    const secondStepAt = new Date('2026-03-01T12:00:00.000Z');
    const byPassword = devices.make('cus_1');
    const [customer, nonce, , seal] = byPassword.split('.');

    expect(devices.read(devices.make('cus_1', { secondStepAt }))).toMatchObject({ secondStepAt });
    expect(devices.read(byPassword)).toMatchObject({ secondStepAt: null });
    expect(devices.read([customer, nonce, secondStepAt.getTime(), seal].join('.'))).toBeUndefined();
  });

  it('is nothing when it was made with another key, or changed', () => {
    const token = devices.make('cus_1');

    expect(createDeviceTokens(deriveKey('x', 'devices')).read(token)).toBeUndefined();
    for (const changed of [token.replace('cus_1', 'cus_2'), token.slice(0, -2), `${token}A`, '', '..', 'é.x.y']) {
      expect(devices.read(changed)).toBeUndefined();
    }
  });
});

describe('a session token', () => {
  it('holds 256 bits, and its digest says nothing of it', () => {
    const tokens = Array.from({ length: 100 }, makeToken);

    expect(new Set(tokens).size).toBe(100);
    for (const token of tokens) expect(Buffer.from(token, 'base64url')).toHaveLength(32);
    expect(digestOf('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  });
});
