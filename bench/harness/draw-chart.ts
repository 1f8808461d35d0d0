import type { Row } from './benchmark.ts';

const WIDTH = 760;
const ROW = 30;
const BAR = 16;
const EDGE = 16;
/** Of a letter, on average; text has no length of its own here, and a label must fit whatever font draws it. */
const LETTER = 7.4;
/** Also of a case next to which another is hundreds of times as long. */
const SHORTEST_BAR = 2;
const GAP = 10;

/**
 * One bar per case, as long as its median, as an SVG of its own: readable in light and dark, by the reader's system, and
 * aloud. Cases of our own stand out.
 */
export function drawChart(title: string, rows: readonly Row[]): string {
  const labels = EDGE + LETTER * Math.max(...rows.map((row) => row.case.length));
  const values = LETTER * Math.max(...rows.map((row) => valueOf(row).length)) + EDGE;
  const longest = Math.max(...rows.map((row) => row.median));
  const room = Math.max(SHORTEST_BAR, WIDTH - labels - values - 2 * GAP);
  const height = rows.length * ROW + 2 * EDGE;
  const bars = rows.flatMap((row, at) => {
    const middle = EDGE + at * ROW + ROW / 2;
    const length = Math.max(SHORTEST_BAR, longest > 0 ? (row.median / longest) * room : 0);
    const start = labels + GAP;
    const kind = /^ours\b/.test(row.case) ? 'ours' : 'other';
    return [
      `<text class="label" x="${round(labels)}" y="${middle}" text-anchor="end">${escaped(row.case)}</text>`,
      `<rect class="${kind}" x="${round(start)}" y="${middle - BAR / 2}" width="${round(length)}" height="${BAR}" rx="2"/>`,
      `<text class="value" x="${round(start + length + GAP)}" y="${middle}">${escaped(valueOf(row))}</text>`,
    ];
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-labelledby="title">`,
    `<title id="title">${escaped(`${title} ${rows.map((row) => `${row.case}: ${valueOf(row)}`).join('; ')}`)}</title>`,
    `<style>${STYLE}</style>`,
    ...bars,
    '</svg>',
    '',
  ].join('\n');
}

const STYLE = [
  'text{font:13px system-ui,sans-serif;dominant-baseline:central}',
  '.label{fill:#1f2933}.value{fill:#52606d}.ours{fill:#2f6f4f}.other{fill:#9aa5b1}',
  '@media(prefers-color-scheme:dark){.label{fill:#e4e7eb}.value{fill:#9aa5b1}.ours{fill:#63b58b}.other{fill:#616e7c}}',
].join('');

const valueOf = ({ median, unit }: Row): string => `${median} ${unit}`.trim();

const round = (length: number): number => Number(length.toFixed(1));

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
