import type { Row } from './benchmark.ts';
import { readable } from './measure.ts';

/** Of a line of a benchmark's result: its median or p95, or one of the two in relation to another line's; the median, unless it says so. */
export type Figure =
  | { readonly line: string; readonly of: 'median' | 'p95' }
  | { readonly line: string; readonly over: string; readonly ratioOf?: 'p95' };

/** What a benchmark is to prove. */
export interface Goal {
  readonly name: string;
  readonly what: string;
  /** The page whose figures tell. */
  readonly page: string;
  readonly figure: Figure;
  readonly aim: { readonly atLeast: number } | { readonly atMost: number };
}

const POOL = 'ours, a shop waits in the pool';
const COPIED = 'ours, copied from a snapshot';
const SEED = 'seed as written';
const SEED_CUT = 'seed, sleeps cut to 0.2 s';

/** In the order of the table. */
export const GOALS: readonly Goal[] = [
  goal(
    'G1',
    'a shop from the pool, accepted form to first page: how many times sooner than the seed as written',
    'provision',
    { figure: { line: SEED, over: `${POOL}: from the answer to the first page` }, aim: { atLeast: 50 } },
  ),
  goal('G1', 'the same, from the first byte of the form, with the hash of its password', 'provision', {
    figure: { line: SEED, over: POOL },
    aim: { atLeast: 50 },
  }),
  goal('G1', 'the same, until its owner is in wp-admin', 'provision', {
    figure: { line: `${SEED}: administration opens`, over: `${POOL}: administration opens` },
    aim: { atLeast: 50 },
  }),
  goal('G1', 'a shop from the pool, accepted form to first page, p95', 'provision', {
    figure: { line: `${POOL}: from the answer to the first page`, of: 'p95' },
    aim: { atMost: 500 },
  }),
  goal('G1', 'the same, from the first byte of the form, with the hash of its password', 'provision', {
    figure: { line: POOL, of: 'p95' },
    aim: { atMost: 500 },
  }),
  goal(
    'G2',
    'a shop copied from a snapshot, accepted form to first page: how many times sooner than the seed as written',
    'provision',
    { figure: { line: SEED, over: `${COPIED}: from the answer to the first page` }, aim: { atLeast: 10 } },
  ),
  goal('G2', 'the same, than the seed with its sleeps cut to 0.2 s', 'provision', {
    figure: { line: SEED_CUT, over: `${COPIED}: from the answer to the first page` },
    aim: { atLeast: 4 },
  }),
  goal('G2', 'the same, p95', 'provision', {
    figure: { line: `${COPIED}: from the answer to the first page`, of: 'p95' },
    aim: { atMost: 2500 },
  }),
  goal('G2', 'the same, from the first byte of the form, with the hash of its password', 'provision', {
    figure: { line: COPIED, of: 'p95' },
    aim: { atMost: 2500 },
  }),
  goal('G3', '50 sign-ups at once, ten shops in the pool: all live', 'burst', {
    figure: { line: 'ours, 50 sign-ups at once: all live', of: 'p95' },
    aim: { atMost: 20 },
  }),
  goal('G3', 'stores per minute meanwhile, in relation to the seed', 'burst', {
    figure: { line: 'ours, 50 sign-ups at once', over: SEED },
    aim: { atLeast: 15 },
  }),
  goal('G6', 'one change at 10,000 hosts, in relation to a server block per store', 'edge', {
    figure: { line: 'a server block per store', over: 'ours' },
    aim: { atLeast: 20 },
  }),
  goal('G6', 'memory of the edge at 10,000 hosts, in relation to a server block per store', 'edge', {
    figure: { line: 'a server block per store: memory', over: 'ours: memory' },
    aim: { atLeast: 20 },
  }),
  goal('G6', 'visitors without a 200 in any ten of a hundred changes under load', 'edge', {
    figure: { line: 'ours, under load: failed', of: 'p95' },
    aim: { atMost: 0 },
  }),
  goal('G8', "a shop's front page from the page cache, in relation to the seed's container", 'page-cache', {
    figure: { line: 'front page, from the page cache', over: "front page, seed's container" },
    aim: { atLeast: 100 },
  }),
  goal('G8', "a product's page from the page cache, in relation to the seed's container", 'page-cache', {
    figure: { line: 'product page, from the page cache', over: "product page, seed's container" },
    aim: { atLeast: 100 },
  }),
  goal('G8', "the cart, in relation to the seed's container", 'page-cache', {
    figure: { line: 'cart, our container', over: "cart, seed's container" },
    aim: { atLeast: 1.5 },
  }),
  goal('G8', "the checkout, in relation to the seed's container", 'page-cache', {
    figure: { line: 'checkout, our container', over: "checkout, seed's container" },
    aim: { atLeast: 1.5 },
  }),
  goal('G9', '`/api/status`, one customer, in relation to Flask and gunicorn with 4 workers', 'status', {
    figure: { line: 'ours, 1 process', over: 'Flask, gunicorn with 4 workers' },
    aim: { atLeast: 8 },
  }),
  goal('G9', '`/api/status`, 32 customers, in relation to Flask and gunicorn with 4 workers', 'status', {
    figure: { line: 'ours, 1 process, 32 customers', over: 'Flask, gunicorn with 4 workers' },
    aim: { atLeast: 8 },
  }),
  goal('G9', 'from the accepted wish to a worker that has it, p99', 'pick-up', {
    figure: { line: 'ours: p99', of: 'median' },
    aim: { atMost: 10 },
  }),
  goal('cost', 'a store made with 60 on the machine, in relation to 10', 'cost', {
    figure: { line: 'ours, at 60 stores', over: 'ours, at 10 stores' },
    aim: { atMost: 1.3 },
  }),
  goal('neighbours', 'p95 of a running shop’s page while 20 stores are made, in relation to quiet', 'neighbours', {
    figure: { line: 'while 20 stores are made', over: 'quiet', ratioOf: 'p95' },
    aim: { atMost: 2 },
  }),
];

function goal(name: string, what: string, page: string, rest: Pick<Goal, 'figure' | 'aim'>): Goal {
  return { name, what, page, ...rest };
}

interface Measured {
  readonly value: number;
  readonly unit: string;
  /** How many times; of two lines, the one that was measured less often. */
  readonly n: number;
}

/** What a goal's page says of it; `undefined` where it says nothing. */
export function measured({ figure }: Goal, rows: readonly Row[]): Measured | undefined {
  const row = rows.find((each) => each.case === figure.line);
  if (row === undefined) return undefined;
  if ('of' in figure) return { value: row[figure.of], unit: row.unit, n: row.n };
  const other = rows.find((each) => each.case === figure.over);
  if (other === undefined) return undefined;
  const ratioOf = figure.ratioOf ?? 'median';
  // Where the page has this very ratio it is told as there, from figures that were not rounded yet.
  const told = ratioOf === 'median' ? row.ratioTo?.[figure.over] : undefined;
  return { value: told ?? readable(row[ratioOf] / other[ratioOf]), unit: '×', n: Math.min(row.n, other.n) };
}

/** The page that sums up: every goal, its figure as it was measured, and whether it is reached. */
export function asSummary(goals: readonly Goal[], rowsOf: (page: string) => readonly Row[] | undefined): string {
  return [
    '# Benchmarks',
    '',
    'What each goal asks for, and what was measured. Every figure is taken from the page that it links to, which says how, on what machine and with which command it was measured. `npm run bench` measures all of them anew, `npm run bench -- NAME --write` one, and writes its page and this one. `n` is how often; with few, the p95 is the largest. Where an aim is missed, [limits](limits.md) says what remains and why.',
    '',
    '| goal | measure | aim | measured | n | |',
    '|---|---|---:|---:|---:|---|',
    ...goals.map((each) => {
      const found = measured(each, rowsOf(each.page) ?? []);
      const figure =
        found === undefined ? 'not yet' : `[${found.value} ${found.unit}](${each.page}.md)`.replace(' ]', ']');
      return `| ${each.name} | ${each.what} | ${aimOf(each, found?.unit ?? '')} | ${figure} | ${found?.n ?? ''} | ${verdict(each, found?.value)} |`;
    }),
    '',
  ].join('\n');
}

function aimOf({ figure, aim }: Goal, unit: string): string {
  const words = 'over' in figure ? '×' : unit;
  return 'atLeast' in aim ? `≥ ${aim.atLeast} ${words}`.trim() : `≤ ${aim.atMost} ${words}`.trim();
}

function verdict({ aim }: Goal, value: number | undefined): string {
  if (value === undefined) return '';
  return ('atLeast' in aim ? value >= aim.atLeast : value <= aim.atMost) ? 'reached' : 'missed';
}
