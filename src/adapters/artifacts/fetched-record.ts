import { readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** Beside each fetched archive: where it came from and what checked it. Hidden, so that it is no archive itself. */
export const recordOf = (archive: string): string => join(dirname(archive), `.${basename(archive)}.json`);

export async function readRecord(archive: string): Promise<{ readonly from: string } | undefined> {
  try {
    return JSON.parse(await readFile(recordOf(archive), 'utf8')) as { from: string };
  } catch {
    return undefined;
  }
}
