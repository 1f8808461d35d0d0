import { createHmac } from 'node:crypto';
import { hash, verify } from '@node-rs/argon2';
import pLimit from 'p-limit';
import { TooManyTriesError } from '../../domain/errors.ts';
import { SECOND } from '../../lib/time.ts';

/** What a hash is made with besides the password. */
export interface PasswordRecipe {
  /** KiB. */
  readonly memoryCost: number;
  readonly timeCost: number;
  readonly parallelism: number;
  /** Base64 without padding, as it stands in a hash. */
  readonly salt: string;
}

/** 64 MiB and three rounds: about 0.1 s on one core. */
const COST = { memoryCost: 65_536, timeCost: 3, parallelism: 1 } as const;
const SALT_BYTES = 16;
const HASH = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([A-Za-z0-9+/]+)\$[A-Za-z0-9+/]+$/;

/**
 * Each takes 64 MiB and one of libuv's four threads, on which every file is read and every name resolved too: two are
 * left for those.
 */
const AT_ONCE = 2;
/** Ten seconds of work: who comes behind them would wait longer than anybody does. */
const MOST_WAITING = 128;
const RETRY_AFTER_MS = 10 * SECOND;

const limit = pLimit(AT_ONCE);

/** Throws `too_many_tries` at once where the queue is full. */
async function inTurn<T>(compute: () => Promise<T>): Promise<T> {
  if (limit.pendingCount >= MOST_WAITING) throw new TooManyTriesError('passwords at one moment', RETRY_AFTER_MS);
  return limit(compute);
}

/** An argon2id hash with its own salt and parameters in it. Throws `too_many_tries` when very many wait for theirs. */
export function hashPassword(password: string): Promise<string> {
  return inTurn(() => hash(password, COST));
}

/** Is it the password of that hash? A text that is no hash is a plain no. */
export function verifyPassword(passwordHash: string, password: string): Promise<boolean> {
  return inTurn(async () => {
    try {
      return await verify(passwordHash, password);
    } catch {
      return false;
    }
  });
}

export type PasswordHasher = ReturnType<typeof createPasswordHasher>;

/**
 * Hashes of which everything but the password is given. `saltKey` makes the salts: accounts that carry one address share
 * one, so a single computation answers which of them, if any, a password opens; nobody without the key can compute
 * anything beforehand.
 */
export function createPasswordHasher(saltKey: Uint8Array) {
  return {
    /** The salt of an address. */
    saltOf(email: string): string {
      const digest = createHmac('sha256', saltKey).update(email).digest();
      return digest.subarray(0, SALT_BYTES).toString('base64').replaceAll('=', '');
    },

    /** That salt with today's costs. */
    todaysRecipe: (salt: string): PasswordRecipe => ({ ...COST, salt }),

    /** What a hash was made with; `undefined` for a text that is none. */
    recipeOf(passwordHash: string): PasswordRecipe | undefined {
      const [, memoryCost, timeCost, parallelism, salt] = HASH.exec(passwordHash) ?? [];
      if (salt === undefined) return undefined;
      return { memoryCost: Number(memoryCost), timeCost: Number(timeCost), parallelism: Number(parallelism), salt };
    },

    /** The same recipe and password always give the same hash. */
    hash: ({ salt, ...cost }: PasswordRecipe, password: string): Promise<string> =>
      inTurn(() => hash(password, { ...cost, salt: Buffer.from(salt, 'base64') })),
  };
}
