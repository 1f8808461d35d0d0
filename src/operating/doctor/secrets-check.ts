import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type Check, fail, ok, quoted, warn } from './check.ts';

const LEAST_LENGTH = 32;

/** The key is strong, and nobody but root reads what `up` made. */
export const secretsCheck = (parts: {
  readonly dataDir: string;
  readonly secretKey: string;
  readonly isGuessable: (secret: string) => boolean;
}): Check => ({
  name: 'secrets',
  async run() {
    const folder = join(parts.dataDir, 'secrets');
    const names = await readdir(folder).catch(() => []);
    for (const path of [folder, ...names.map((name) => join(folder, name))]) {
      const { mode } = await stat(path);
      if ((mode & 0o077) === 0) continue;
      return fail(`${path} can be read by others (mode ${(mode & 0o777).toString(8)}).`, `chmod go= ${quoted(path)}`);
    }
    if (parts.secretKey.length < LEAST_LENGTH || parts.isGuessable(parts.secretKey)) {
      return warn(
        'SECRET_KEY is weak: production would refuse it.',
        'Leave SECRET_KEY out of .env before the first store is made: shopctl up makes a strong one.',
      );
    }
    return ok('the key is strong; only root reads the secrets');
  },
});
