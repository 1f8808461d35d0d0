import { createWriteStream } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { pack } from 'tar-stream';

/** Size matters little here, time does. */
const LEVEL = 3;
const NO_TIME = new Date(0);

/**
 * Packs a tree's plain files as `top/…` into a `.tar.gz` whose bytes depend on names and contents alone. Links are left
 * out: what one points at may be anywhere on this machine.
 */
export async function packTree(tree: string, top: string, file: string): Promise<void> {
  const archive = pack();
  const written = pipeline(archive, createGzip({ level: LEVEL }), createWriteStream(file));
  const add = async (path: string): Promise<void> => {
    const entries = await readdir(join(tree, path), { withFileTypes: true });
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const inside = path === '' ? entry.name : `${path}/${entry.name}`;
      if (entry.isDirectory()) {
        await add(inside);
        continue;
      }
      if (!entry.isFile()) continue;
      const content = await readFile(join(tree, inside));
      const header = { name: `${top}/${inside}`, mode: 0o644, mtime: NO_TIME, uid: 0, gid: 0 };
      // Waits for the reader, so that a big tree is never in memory whole.
      await new Promise<void>((done, failed) => {
        archive.entry(header, content, (error) => (error ? failed(error) : done()));
      });
    }
  };
  await Promise.all([
    add('').then(
      () => archive.finalize(),
      (error: Error) => archive.destroy(error),
    ),
    written,
  ]);
}
