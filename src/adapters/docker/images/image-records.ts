import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ImageName } from '../../../stacks/stack.ts';
import { writeFileAtomically } from '../../filesystem/write-file-atomically.ts';
import type { Accepts } from './image-labels.ts';

/** An image that stores can be made of, and what is known of it. */
export interface PreparedImage {
  readonly name: ImageName;
  /** What it is called in the engine. */
  readonly reference: string;
  readonly id: string;
  /** Exact versions by part: `{mysql: '9.7.4', debian: 'forky'}`. */
  readonly versions: Readonly<Record<string, string>>;
  readonly source: 'pulled' | 'built';
  /** What it was built on; null for an image of others. */
  readonly base: string | null;
  /** What the application inside accepts beside it; absent where the image does not say so. */
  readonly accepts?: Accepts;
  readonly present: boolean;
  readonly createdAt: string | null;
}

/** `DATA_DIR/images/NAME.json`: what this instance makes new stores of. Only preparing images changes it. */
export function createImageRecords(dataDir: string) {
  const folder = join(dataDir, 'images');
  const fileOf = (name: ImageName): string => join(folder, `${name}.json`);
  return {
    async read(name: ImageName): Promise<PreparedImage | undefined> {
      try {
        return JSON.parse(await readFile(fileOf(name), 'utf8')) as PreparedImage;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT' || error instanceof SyntaxError) return undefined;
        throw error;
      }
    },
    async write(image: PreparedImage): Promise<void> {
      await mkdir(folder, { recursive: true, mode: 0o755 });
      await writeFileAtomically(fileOf(image.name), `${JSON.stringify(image, undefined, 2)}\n`, { mode: 0o644 });
    },
  };
}
