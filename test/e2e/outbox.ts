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

/** Subjects of the mails that the platform has sent to somebody. */
export async function mailsTo({ config }: TestPlatform, address: string): Promise<string[]> {
  const folder = join(config.dataDir, 'outbox');
  const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.eml'));
  const mails = await Promise.all(names.map(async (name) => simpleParser(await readFile(join(folder, name)))));
  return mails.filter(({ to }) => JSON.stringify(to ?? '').includes(address)).map(({ subject }) => subject ?? '');
}
