import { describe, expect, test } from 'vitest';
import type { Row } from './benchmark.ts';
import { drawChart } from './draw-chart.ts';

const row = (name: string, median: number): Row => ({
  case: name,
  n: 1,
  median,
  p95: median,
  unit: 'ms',
  ratioTo: null,
});

const widthsIn = (svg: string): number[] =>
  [...svg.matchAll(/<rect[^>]* width="([\d.]+)"/g)].map(([, width]) => Number(width));

describe('a chart', () => {
  test('has a bar per case, as long as its median in relation to the others', () => {
    const [ours = 0, seed = 0] = widthsIn(drawChart('T.', [row('ours', 50), row('seed', 200)]));
    expect(seed / ours).toBeCloseTo(4, 1);
  });

  test('keeps within its width whatever names and figures it is given, and shows also what is next to nothing', () => {
    const svg = drawChart('T.', [row('a case with quite a long name for a chart', 123_456.7), row('b', 0)]);
    const [, width = 0] = (/viewBox="0 0 (\d+) \d+"/.exec(svg) ?? []).map(Number);
    for (const [, x, length] of svg.matchAll(/<rect[^>]* x="([\d.]+)"[^>]* width="([\d.]+)"/g)) {
      expect(Number(x) + Number(length)).toBeLessThan(width);
      expect(Number(length)).toBeGreaterThan(0);
    }
  });

  test('is told aloud with every figure, and holds names as text and never as markup', () => {
    const svg = drawChart('Here & there.', [row('a <b> "c"', 3)]);
    expect(svg).toContain('<title id="title">Here &amp; there. a &lt;b&gt; &quot;c&quot;: 3 ms</title>');
    expect(svg).not.toContain('<b>');
  });

  test('has colours for light and for dark, and asks nobody for a font or a style', () => {
    const svg = drawChart('T.', [row('ours', 1)]);
    expect(svg).toContain('prefers-color-scheme:dark');
    expect(svg.replace('http://www.w3.org/2000/svg', '')).not.toMatch(/https?:|url\(|@import|<script/);
  });
});
