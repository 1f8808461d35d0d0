import { chmod, chown, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * The certificate folder of one host once more for each of the others, with the same rights: what a name stands in does
 * not matter to how much nginx reads and keeps of it. Returns nothing; throws where a folder cannot be made.
 */
export async function copyCertificates(hostsFolder: string, like: string, others: readonly string[]): Promise<void> {
  const source = join(hostsFolder, like);
  const folder = await stat(source);
  const files = await Promise.all(
    (await readdir(source)).map(async (name) => {
      const path = join(source, name);
      return { name, bytes: await readFile(path), facts: await stat(path) };
    }),
  );
  for (const other of others) {
    const target = join(hostsFolder, other);
    await mkdir(target);
    for (const { name, bytes, facts } of files) {
      const path = join(target, name);
      await writeFile(path, bytes);
      await chown(path, facts.uid, facts.gid);
      await chmod(path, facts.mode);
    }
    await chown(target, folder.uid, folder.gid);
    await chmod(target, folder.mode);
  }
}
