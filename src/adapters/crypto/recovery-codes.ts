import { randomInt } from 'node:crypto';
import { digestOf } from './session-tokens.ts';

/** Small letters and digits without those that look alike: people write these down. Almost five bits each. */
const ALPHABET = 'abcdefghjkmnpqrstuvwxyz23456789';
const GROUPS = 4;
const GROUP_LENGTH = 4;

/** About 79 random bits, e.g. `k3mq-7hfa-29xw-ctr8`: too many to be guessed, so a plain digest of one says nothing. */
export function makeRecoveryCode(): string {
  const group = (): string =>
    Array.from({ length: GROUP_LENGTH }, () => ALPHABET.charAt(randomInt(ALPHABET.length))).join('');
  return Array.from({ length: GROUPS }, group).join('-');
}

/** What is kept of an account's code, however it was typed. */
export function digestOfRecoveryCode(customerId: string, typed: string): string {
  return digestOf(`${customerId} ${typed.toLowerCase().replaceAll(/[^a-z0-9]/g, '')}`);
}
