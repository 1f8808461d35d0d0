import { describe, expect, it } from 'vitest';
import { deriveKey } from './derive-key.ts';
import { hashPassword, verifyPassword } from './hash-password.ts';
import { makePassword } from './make-password.ts';
import { createSealer, createSealingKeys } from './seal.ts';

const row = { storeId: 'sto_a', name: 'db-password' };
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
    { storeId: 'sto_b', name: 'db-password' },
    { storeId: 'sto_a', name: 'admin-password' },
  ])('does not open in the row $storeId/$name', async (other) => {
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
