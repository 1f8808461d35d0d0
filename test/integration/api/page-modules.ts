import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { RouteConfigEntry } from '@react-router/dev/routes';
import pageRoutes from '../../../src/web/pages/routes.ts';

const PAGES_FOLDER = fileURLToPath(new URL('../../../src/web/pages', import.meta.url));

export interface PageModule {
  /** With its places as `:name`. */
  readonly path: string;
  /** The layout that says who may call it. */
  readonly layout: string;
  /** What its forms ask for, as its module tells apart; the empty one first. */
  readonly wishes: readonly string[];
  /** What its action reads of a form. */
  readonly fields: readonly string[];
}

/** In which fields a form says what it asks for. */
const WISH_FIELDS = ['intent', 'section', 'act'];

/** Every page of ours, with what its forms may send, read off the modules themselves: none can be forgotten. */
export const PAGE_MODULES: readonly PageModule[] = pageRoutes
  .flatMap((layout) => pagesOf(layout.children ?? [], '', layout.file))
  .filter(({ path }) => !path.includes('*'));

function pagesOf(entries: readonly RouteConfigEntry[], above: string, layout: string): PageModule[] {
  return entries.flatMap(({ path = '', file, children }) => {
    const here = path === '' ? above : `${above}/${path}`;
    if (children !== undefined) return pagesOf(children, here, layout);
    const own = readFileSync(join(PAGES_FOLDER, file), 'utf8');
    const all = textsFrom(join(PAGES_FOLDER, file)).join('\n');
    const fields = [
      ...all.matchAll(/textOf\((?:form|await formOf\(request\)), '(\w+)'\)/g),
      ...all.matchAll(/\bform\.(?:get|getAll|has)\('(\w+)'\)/g),
    ];
    const isTold = WISH_FIELDS.some((field) => own.includes(`'${field}'`));
    const told = [
      ...all.matchAll(/name="(?:intent|section|act)"\s+value="([a-z-]+)"/g),
      // What the module compares with, and the names of its sections.
      ...own.matchAll(/(?:=== |case )'([a-z-]+)'/g),
      ...own.matchAll(/^ {2}'?([a-z-]+)'?: (?:\{|\w+\()/gm),
    ];
    return [
      {
        path: here === '' ? '/' : here,
        layout,
        wishes: ['', ...(isTold ? distinct(told) : [])],
        fields: distinct(fields),
      },
    ];
  });
}

/** A module's text, and that of all modules of pages that it stands on. */
function textsFrom(path: string, seen = new Set<string>()): string[] {
  if (seen.has(path) || !path.startsWith(PAGES_FOLDER) || !existsSync(path)) return [];
  seen.add(path);
  const text = readFileSync(path, 'utf8');
  const imported = [...text.matchAll(/from '(\.[^']+\.tsx?)'/g)].map(([, from = '']) => join(dirname(path), from));
  return [text, ...imported.flatMap((each) => textsFrom(each, seen))];
}

function distinct(found: readonly RegExpMatchArray[]): string[] {
  return [...new Set(found.map(([, word = '']) => word))];
}
