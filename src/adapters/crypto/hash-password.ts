import { hash, verify } from '@node-rs/argon2';
import pLimit from 'p-limit';

/** 64 MiB and three rounds: about 0.1 s on one core. */
const COST = { memoryCost: 65_536, timeCost: 3, parallelism: 1 } as const;
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
