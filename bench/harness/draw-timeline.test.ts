import { describe, expect, test } from 'vitest';
import { drawTimelines, type Timeline } from './draw-timeline.ts';

const CLAIM: Timeline = {
  title: 'a claim',
  unit: 'ms',
  parts: [
    { name: 'form', length: 400 },
    { name: 'a step', length: 100 },
    { name: 'none', length: 0 },
  ],
  end: { name: 'first page', at: 800 },
};

const barsOf = (svg: string): { from: number; length: number }[] =>
  [...svg.matchAll(/<rect[^>]* x="([\d.]+)"[^>]* width="([\d.]+)"/g)].map(([, x, width]) => ({
    from: Number(x),
    length: Number(width),
  }));

describe('a timeline', () => {
  test('has a bar per part, each from where the one before ends, and marks when the end was there', () => {
    const svg = drawTimelines('T.', [CLAIM]);
    const [form, step] = barsOf(svg);
    const [, mark = 0] = (/class="mark" d="M([\d.]+) /.exec(svg) ?? []).map(Number);

    expect(form && step && form.length / step.length).toBeCloseTo(4, 1);
    expect(form && step && form.from + form.length - step.from).toBeCloseTo(0, 0);
    expect(form && (mark - form.from) / form.length).toBeCloseTo(2, 1);
  });

  test('shows what is next to nothing, and keeps within its width also where parts go on after the end', () => {
    const late: Timeline = { ...CLAIM, parts: [...CLAIM.parts, { name: 'behind it', length: 9000 }] };
    const svg = drawTimelines('T.', [CLAIM, late]);
    const [, width = 0] = (/viewBox="0 0 (\d+) \d+"/.exec(svg) ?? []).map(Number);

    for (const { from, length } of barsOf(svg)) {
      expect(length).toBeGreaterThan(0);
      expect(from + length).toBeLessThan(width);
    }
  });

  test('is told aloud with every figure', () => {
    expect(drawTimelines('From a to b.', [CLAIM])).toContain(
      '<title id="title">From a to b. a claim: form 400 ms, a step 100 ms, none 0 ms; first page at 800 ms.</title>',
    );
  });
});
