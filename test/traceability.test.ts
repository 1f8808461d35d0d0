import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { SETTING_NAMES } from '../src/config/settings.ts';
import { STEP_NAMES } from '../src/domain/run.ts';
import { shopctl } from './fakes/shopctl.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const DOCUMENT = readFileSync(join(ROOT, 'docs/traceability.md'), 'utf8');
const SCRIPTS = (JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { scripts: Record<string, string> })
  .scripts;

interface Row {
  readonly section: string;
  readonly item: string;
  readonly where: string;
  readonly shownBy: string;
}

const rows = readRows();
/** What stands in `backticks`, in the columns that make a promise. */
const named = [...new Set(rows.flatMap(({ where, shownBy }) => [...codeIn(where), ...codeIn(shownBy)]))];
const paths = named.filter((text) => /^[\w.-]+\/|\.(?:md|ts|json|mjs|yml)$/.test(text) && !text.includes(' '));
const commands = named.filter((text) => text.startsWith('shopctl '));
const scripts = named.filter((text) => /^npm (?:run |test|start)/.test(text));

describe('docs/traceability.md', () => {
  it('names only files and folders that exist', () => {
    expect(paths.length).toBeGreaterThan(20);
    expect(paths.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  });

  it('names only tests that are in the file it names', () => {
    const missing = rows.flatMap(({ shownBy }) =>
      [...shownBy.matchAll(/`([^`]+\.ts)` › "([^"]+)"/g)]
        .filter(([, path = '', name = '']) => !readFileSync(join(ROOT, path), 'utf8').includes(name))
        .map(([text]) => text),
    );

    expect(missing).toEqual([]);
  });

  it('names only commands that shopctl knows', async () => {
    const unknown: string[] = [];
    for (const command of commands) {
      const words = command
        .split(' ')
        .slice(1)
        .filter((word) => /^[a-z]+$/.test(word));
      const { code, stdout } = await shopctl([...words, '--help']);
      if (code !== 0 || !stdout.includes(`Usage: ${['shopctl', ...words].join(' ')}`)) unknown.push(command);
    }

    expect(commands.length).toBeGreaterThan(5);
    expect(unknown).toEqual([]);
  });

  it('names only npm scripts that exist', () => {
    const unknown = scripts.filter((text) => SCRIPTS[/^npm (?:run )?([\w-]+)/.exec(text)?.[1] ?? ''] === undefined);

    expect(unknown).toEqual([]);
  });

  it('says of every item either where it lives and what shows it, or that it is not there yet', () => {
    const vague = rows.filter(
      ({ item, where, shownBy }) => item === '' || (shownBy !== 'not yet' && (where === '' || shownBy === '')),
    );

    expect(vague).toEqual([]);
  });

  it('has every part, route, step and name that was asked for', () => {
    const itemsOf = (section: string) => rows.filter((row) => row.section === section).map(({ item }) => item);

    expect(itemsOf('Parts')).toHaveLength(14);
    expect(itemsOf('Routes').map((item) => codeIn(item)[0])).toEqual([
      '/',
      '/signup',
      '/login',
      '/logout',
      '/dashboard',
      '/api/status',
      '/api/credentials',
    ]);
    expect(itemsOf('Steps').map((item) => codeIn(item)[0])).toEqual([...STEP_NAMES]);
    expect(itemsOf('States').map((item) => codeIn(item)[0])).toEqual([
      'pending',
      'provisioning',
      'active',
      'failed',
      'suspended',
    ]);
    expect(
      itemsOf('Environment')
        .flatMap(codeIn)
        .filter((name) => !(SETTING_NAMES as string[]).includes(name)),
    ).toEqual([]);
  });
});

function readRows(): Row[] {
  let section = '';
  const found: Row[] = [];
  for (const line of DOCUMENT.split('\n')) {
    section = /^## (.+)$/.exec(line)?.[1] ?? section;
    const cells = /^\|(.+)\|$/
      .exec(line)?.[1]
      ?.split(/(?<!\\)\|/)
      .map((cell) => cell.trim());
    if (cells === undefined || /^-+$/.test(cells[0]?.replaceAll(/[:\s]/g, '') ?? '') || cells[0] === 'item') continue;
    const [item = '', where = '', shownBy = ''] = cells;
    found.push({ section, item, where, shownBy });
  }
  return found;
}

function codeIn(text: string): string[] {
  return [...text.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code);
}
