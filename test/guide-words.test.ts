import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { MAIL_KINDS } from '../src/mail/mail-kinds.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const GUIDE = join(ROOT, 'docs/using');

/** Words that the guide sets apart and that no page of ours says. */
const NOT_ON_OUR_PAGES: ReadonlySet<string> = new Set([
  // The administrations of shops, and other people's sites.
  ...['Catalog', 'Products', 'Add Product', 'Configuration', 'Sales', 'General', 'Site Language', 'DNS only'],
  ...['WooCommerce', 'Settings', 'Advanced', 'REST API', 'come back later'],
  // What a paragraph is about.
  ...['Making it', 'First sign-in to the administration', 'The primary domain', 'Further domains'],
  ...['An old AAAA record', 'By a mail server of your own', 'Change the password', 'Certificates', 'Removing', 'we'],
  // What a page puts together of several words.
  'Magento needs 0 GB of memory',
]);
/** Where the words of pages and mails come from. */
const SPEAKERS = ['web', 'domain', 'stores', 'accounts', 'mail'];

test('the guide for shop owners calls what is on the pages as the pages do', () => {
  const said = SPEAKERS.map((folder) => saidIn(join(ROOT, 'src', folder))).join(' ');
  const named = readdirSync(GUIDE)
    .filter((name) => name.endsWith('.md'))
    .flatMap((name) => setApartIn(readFileSync(join(GUIDE, name), 'utf8')).map((words) => ({ name, words })));

  expect(named.length).toBeGreaterThan(100);
  expect(named.filter(({ words }) => !NOT_ON_OUR_PAGES.has(words) && !said.includes(words))).toEqual([]);
});

test('the page on mail tells operators of every kind of mail that is written', () => {
  const page = readFileSync(join(ROOT, 'docs/operating/mail.md'), 'utf8');

  expect(MAIL_KINDS.filter((kind) => !page.includes(`\`${kind}\``))).toEqual([]);
});

/** What stands in *italics* or in **bold**, each stop of a way (`Account › Sessions`) by itself, numbers as 0. */
function setApartIn(text: string): string[] {
  return [...text.matchAll(/(\*\*?)([^*\n]+)\1/g)]
    .flatMap(([, , words = '']) => words.split(/ [›→] /))
    .map((words) =>
      words
        .replaceAll(/\d+/g, '0')
        .replace(/^… /, '')
        .replace(/[.:…]$/, ''),
    );
}

/** The sources without comments, in one line, and without what is put in where they run. */
function saidIn(folder: string): string {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /(?<!\.test)\.tsx?$/.test(name))
    .map((name) => readFileSync(join(folder, name), 'utf8'))
    .join('\n')
    .replaceAll(/\/\*[^]*?\*\/|^\s*\/\/.*$/gm, '')
    .replaceAll(/\$\{[^}]*\}/g, '0')
    .replaceAll(/\s+/g, ' ');
}
