import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const DECISIONS = 'docs/decisions';
const numbers = readdirSync(join(ROOT, DECISIONS)).map((name) => name.slice(0, 3));
const documents = [
  ...readdirSync(ROOT).filter((name) => name.endsWith('.md')),
  ...readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('docs', name)),
].map((path) => ({ path, text: readFileSync(join(ROOT, path), 'utf8') }));

describe('what documents point to', () => {
  it('is there, whether a file or a heading in it', () => {
    const broken = documents.flatMap(({ path, text }) =>
      [...text.matchAll(/\]\((?!https?:|mailto:)([^)#\s]*)(?:#([^)\s]+))?\)/g)]
        .filter(([, file = '', heading]) => {
          const target = file === '' ? path : relative(ROOT, join(ROOT, dirname(path), file));
          if (!existsSync(join(ROOT, target))) return true;
          return heading !== undefined && !headingsOf(readFileSync(join(ROOT, target), 'utf8')).includes(heading);
        })
        .map(([link]) => `${path}: ${link}`),
    );

    expect(documents.length).toBeGreaterThan(60);
    expect(broken).toEqual([]);
  });

  it('of decisions are all there, each number once, none left out', () => {
    expect(numbers).toEqual(numbers.map((_, at) => String(at).padStart(3, '0')));
  });

  it('of decisions that others add to or replace are there, too', () => {
    const named = documents
      .filter(({ path }) => path.startsWith(DECISIONS))
      .flatMap(({ path, text }) =>
        [...text.matchAll(/(?:Adds to|Replaces|Replaced by) ([\d, and]+)/g)].flatMap(([, list = '']) =>
          [...list.matchAll(/\d{3}/g)].map(([number]) => ({ path, number })),
        ),
      );

    expect(named.length).toBeGreaterThan(2);
    expect(named.filter(({ number }) => !numbers.includes(number))).toEqual([]);
  });
});

/** As the places where documents are read make anchors of them. */
function headingsOf(text: string): string[] {
  return [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}
