import { randomBytes } from 'node:crypto';
import { renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Writes beside, then renames: whoever reads sees the old file or the new one. */
export function writeInPlace(path, contents) {
  const beside = join(dirname(path), `.${randomBytes(6).toString('hex')}`);
  writeFileSync(beside, contents);
  renameSync(beside, path);
}
