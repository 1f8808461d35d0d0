import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type ParsedMail, simpleParser } from 'mailparser';
import type { TestPlatform } from './platform.ts';

/** The mails that a shop itself has sent, as they lie in the platform's outbox. */
export async function mailsFrom({ config }: TestPlatform, { id }: { readonly id: string }): Promise<ParsedMail[]> {
  const folder = join(config.dataDir, 'outbox');
  const names = await readdir(folder).catch(() => []);
  const own = names.filter((name) => name.startsWith(`${id}-`) && name.endsWith('.eml'));
  return Promise.all(own.map(async (name) => simpleParser(await readFile(join(folder, name)))));
}
