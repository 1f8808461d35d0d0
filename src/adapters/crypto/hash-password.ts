import { createHmac } from 'node:crypto';
import { hash, verify } from '@node-rs/argon2';
import pLimit from 'p-limit';

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

/** More at once would only take memory (64 MiB each) from the stores; the others wait their turn. */
const limit = pLimit(4);

/** An argon2id hash with its own salt and parameters in it. */
export function hashPassword(password: string): Promise<string> {
  return limit(() => hash(password, COST));
}

/** Is it the password of that hash? A text that is no hash is a plain no. */
export function verifyPassword(passwordHash: string, password: string): Promise<boolean> {
  return limit(async () => {
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
      limit(() => hash(password, { ...cost, salt: Buffer.from(salt, 'base64') })),
  };
}
