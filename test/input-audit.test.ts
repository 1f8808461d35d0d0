import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const rows = readFileSync(join(ROOT, 'docs/security/input-audit.md'), 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('| ') && !line.startsWith('| input |'))
  .map((line) => line.slice(2, -2).split(' | '));

describe('docs/security/input-audit.md', () => {
  it('says of every input who may send it, what reads it and which test attacks it', () => {
    expect(rows.length).toBeGreaterThan(20);
    expect(rows.filter((cells) => cells.length !== 4 || !/`[^`]+\.ts` › "[^"]+"/.test(cells[3] ?? ''))).toEqual([]);
  });

  it('names only tests that are in the file it names', () => {
    const named = rows.flatMap(([, , , tests = '']) => [...tests.matchAll(/`([^`]+\.ts)` › "([^"]+)"/g)]);
    const missing = named
      .filter(
        ([, path = '', name = '']) =>
          !existsSync(join(ROOT, path)) || !readFileSync(join(ROOT, path), 'utf8').includes(name),
      )
      .map(([text]) => text);

    expect(missing).toEqual([]);
  });

  it('names only files that exist', () => {
    const files = rows.flatMap(([, , reader = '']) =>
      [...reader.matchAll(/`(src\/[^`]+)`/g)].map(([, path = '']) => path),
    );

    expect(files.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  });
});
