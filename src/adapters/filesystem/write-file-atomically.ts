import { randomBytes } from 'node:crypto';
import { open, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';

export interface FileFacts {
  readonly mode: number;
  readonly uid?: number;
  readonly gid?: number;
}

/**
 * Writes beside and renames, so a reader sees the old file or the new one, never half of it. Equal bytes are left
 * alone (mode and owner are still put right). After a failure the old file stands and nothing is left beside it.
 * Returns whether the content changed.
 */
export async function writeFileAtomically(
  path: string,
  content: string | Uint8Array,
  facts: FileFacts,
): Promise<boolean> {
  const bytes = Buffer.from(content);
  const current = await readFile(path).catch(() => undefined);
  const changed = current === undefined || !current.equals(bytes);
  const target = changed ? join(dirname(path), `.${randomBytes(6).toString('hex')}.tmp`) : path;
  try {
    const handle = await open(target, changed ? 'wx' : 'r', facts.mode);
    try {
      if (changed) await handle.writeFile(bytes);
      await handle.chmod(facts.mode);
      if (facts.uid !== undefined) await handle.chown(facts.uid, facts.gid ?? facts.uid);
      if (changed) await handle.sync();
    } finally {
      await handle.close();
    }
    if (changed) await rename(target, path);
  } catch (error) {
    if (changed) await rm(target, { force: true });
    throw error;
  }
  return changed;
}
