import type { Row } from './benchmark.ts';
import { barOf, EDGE, GAP, LETTER, SHORTEST_BAR, svgOf, textOf, WIDTH } from './svg.ts';

const ROW = 30;
const BAR = 16;

/** One bar per case, as long as its median, as an SVG of its own. Cases of our own stand out. */
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
      textOf('label', labels, middle, row.case, 'end'),
      barOf(kind, start, middle, length, BAR),
      textOf('value', start + length + GAP, middle, valueOf(row)),
    ];
  });
  return svgOf(`${title} ${rows.map((row) => `${row.case}: ${valueOf(row)}`).join('; ')}`, height, bars);
}

const valueOf = ({ median, unit }: Row): string => `${median} ${unit}`.trim();
