import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { freePorts, type PortRange, portsExhausted } from './ports.ts';

const aRange = (over: Partial<PortRange> = {}): PortRange => ({
  start: 8001,
  end: 8010,
  max: 8999,
  reserved: [],
  ...over,
});
const first = (range: PortRange, taken: Iterable<number> = []) => freePorts(range, new Set(taken)).next().value;

const ranges = fc
  .tuple(fc.integer({ min: 1, max: 60_000 }), fc.integer({ min: 0, max: 30 }), fc.integer({ min: 0, max: 200 }))
  .chain(([start, size, room]) =>
    fc
      .array(fc.integer({ min: start, max: start + size + room }), { maxLength: 50 })
      .map((reserved): PortRange => ({ start, end: start + size, max: start + size + room, reserved })),
  );

describe('freePorts', () => {
  it('gives the lowest free port of the range', () => {
    expect(first(aRange(), [8001, 8003])).toEqual({ port: 8002, end: 8010 });
  });

  it('grows by the first size when the range is full', () => {
    const taken = Array.from({ length: 10 }, (_, index) => 8001 + index);

    expect(first(aRange(), taken)).toEqual({ port: 8011, end: 8020 });
  });

  it('does not grow past the maximum', () => {
    expect(first(aRange({ end: 8002, max: 8003 }), [8001, 8002])).toEqual({ port: 8003, end: 8003 });
  });

  it('ends when everything up to the maximum is taken or reserved', () => {
    expect(first(aRange({ end: 8001, max: 8002, reserved: [8002] }), [8001])).toBeUndefined();
  });

  it('gives every usable port exactly once, in order, inside the range, and never a taken or reserved one', () => {
    fc.assert(
      fc.property(ranges, fc.array(fc.integer({ min: 1, max: 65_535 })), (range, taken) => {
        const given = [...freePorts(range, new Set(taken))];

        const ports = given.map(({ port }) => port);
        const all = Array.from({ length: range.max - range.start + 1 }, (_, index) => range.start + index);
        const unusable = new Set([...range.reserved, ...taken]);
        expect(ports).toEqual(all.filter((port) => !unusable.has(port)));
        expect(given.every(({ port, end }) => port <= end && end >= range.end && end <= range.max)).toBe(true);
      }),
    );
  });

  it.each([
    { start: 0, end: 10, max: 20 },
    { start: 10, end: 9, max: 20 },
    { start: 10, end: 20, max: 19 },
    { start: 10, end: 20, max: 70_000 },
    { start: 1.5, end: 20, max: 30 },
  ])('refuses $start..$end→$max with a hint', (range) => {
    expect(() => first({ ...range, reserved: [] })).toThrow(/is not a range/);
  });

  it('says what to do when nothing is left', () => {
    expect(portsExhausted(aRange())).toMatchObject({
      code: 'ports_exhausted',
      hint: expect.stringContaining('PORT_RANGE_MAX'),
    });
  });
});
