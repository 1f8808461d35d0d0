import { barOf, EDGE, GAP, LETTER, round, SHORTEST_BAR, svgOf, textOf, WIDTH } from './svg.ts';

/** One thing after the other, from the begin on; and when what is waited for was there. */
export interface Timeline {
  readonly title: string;
  readonly unit: string;
  /** In their order; each begins where the one before ends. */
  readonly parts: readonly { readonly name: string; readonly length: number }[];
  /** What is waited for, and when it was there: counted from the same begin. */
  readonly end: { readonly name: string; readonly at: number };
}

const ROW = 22;
const BAR = 12;

/** Timelines below each other, each to the scale of its own: a bar per part, where it began and as long as it took. */
export function drawTimelines(title: string, timelines: readonly Timeline[]): string {
  const rows = timelines.flatMap((timeline) => timeline.parts.map(({ name }) => name));
  const labels = EDGE + LETTER * Math.max(0, ...rows.map((name) => name.length));
  const room = WIDTH - labels - 2 * GAP - EDGE - LETTER * '99999 ms'.length;
  const drawn: string[] = [];
  let top = EDGE;
  for (const timeline of timelines) {
    const { parts, end, unit } = timeline;
    const whole = Math.max(
      end.at,
      parts.reduce((sum, { length }) => sum + length, 0),
    );
    const scale = whole > 0 ? room / whole : 0;
    const first = top + ROW;
    drawn.push(textOf('label', EDGE, top + ROW / 2, timeline.title));
    let at = 0;
    parts.forEach(({ name, length }, index) => {
      const middle = first + index * ROW + ROW / 2;
      const start = labels + GAP + at * scale;
      const width = Math.max(SHORTEST_BAR, length * scale);
      drawn.push(
        textOf('label', labels, middle, name, 'end'),
        barOf('ours', start, middle, width, BAR),
        textOf('value', start + width + GAP / 2, middle, `${Math.round(length)} ${unit}`),
      );
      at += length;
    });
    const mark = labels + GAP + end.at * scale;
    const bottom = first + parts.length * ROW;
    drawn.push(
      `<path class="mark" d="M${round(mark)} ${first}V${bottom}"/>`,
      textOf('value', mark, bottom + ROW / 2, `${end.name}: ${Math.round(end.at)} ${unit}`, 'end'),
    );
    top = bottom + 2 * ROW;
  }
  const told = timelines.map(
    ({ title, parts, end, unit }) =>
      `${title}: ${parts.map(({ name, length }) => `${name} ${Math.round(length)} ${unit}`).join(', ')}; ${end.name} at ${Math.round(end.at)} ${unit}.`,
  );
  return svgOf([title, ...told].join(' '), top, drawn);
}
