import { generateSync } from 'otplib';
import { describe, expect, it } from 'vitest';
import { SECOND } from '../../lib/time.ts';
import { digestOfRecoveryCode, makeRecoveryCode } from './recovery-codes.ts';
import { makeTotpSecret, qrCodeOf, stepOfCode } from './totp.ts';

const STEP = 30 * SECOND;
/** The middle of a step. */
const NOW = new Date(1_790_000_010_000 - (1_790_000_010_000 % STEP) + STEP / 2);
const secret = makeTotpSecret();
const codeAt = (at: number): string => generateSync({ secret, epoch: Math.floor(at / SECOND) });

describe('a code', () => {
  it.each([
    [-2, false],
    [-1, true],
    [0, true],
    [1, true],
    [2, false],
  ])('of %i steps from now counts: %s', (steps, counts) => {
    const at = NOW.getTime() + steps * STEP;

    expect(stepOfCode(secret, codeAt(at), NOW)).toBe(counts ? Math.floor(at / STEP) : undefined);
  });

  it('may be typed with spaces; anything else is none', () => {
    const code = codeAt(NOW.getTime());

    expect(stepOfCode(secret, ` ${code.slice(0, 3)} ${code.slice(3)} `, NOW)).toBe(Math.floor(NOW.getTime() / STEP));
    for (const typed of ['', '12345', `${code}0`, 'abcdef', '１２３４５６', `-${code.slice(1)}`]) {
      expect(stepOfCode(secret, typed, NOW)).toBeUndefined();
    }
  });

  it('of another secret is none', () => {
    expect(stepOfCode(makeTotpSecret(), codeAt(NOW.getTime()), NOW)).toBeUndefined();
  });
});

it('a secret has 160 bits and is drawn for a camera', () => {
  expect(secret).toMatch(/^[A-Z2-7]{32}$/);
  const { size, path } = qrCodeOf(secret, 'ann@example.test');
  expect(size).toBeGreaterThan(30);
  expect(path).toMatch(/^(M\d+ \d+h1v1h-1z)+$/);
});

describe('a recovery code', () => {
  it('is another each time, and its digest is the same however it was typed', () => {
    const code = makeRecoveryCode();

    expect(code).toMatch(/^[a-hj-km-np-z2-9]{4}(-[a-hj-km-np-z2-9]{4}){3}$/);
    expect(new Set(Array.from({ length: 100 }, makeRecoveryCode)).size).toBe(100);
    const typed = ` ${code.toUpperCase().replaceAll('-', ' ')}`;
    expect(digestOfRecoveryCode('cus_a', typed)).toBe(digestOfRecoveryCode('cus_a', code));
    expect(digestOfRecoveryCode('cus_b', code)).not.toBe(digestOfRecoveryCode('cus_a', code));
  });
});
