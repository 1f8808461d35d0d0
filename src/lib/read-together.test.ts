import { describe, expect, test } from 'vitest';
import { readTogether } from './read-together.ts';
import { SECOND } from './time.ts';

/** Reads that end when they are told to, in the order in which they began. */
function bench() {
  const begun: (readonly string[])[] = [];
  const ends: ((error?: Error) => void)[] = [];
  const ask = readTogether(
    (keys: readonly string[]) =>
      new Promise<(key: string) => { readonly text: string }>((resolve, reject) => {
        const nth = begun.push(keys);
        const valueOf = (key: string): { readonly text: string } => {
          if (key === 'broken') throw new Error('broken');
          return { text: `${key} ${nth}` };
        };
        ends.push((error) => (error === undefined ? resolve(valueOf) : reject(error)));
      }),
  );
  const hasBegun = (count: number) => expect.poll(() => begun.length, { timeout: 10 * SECOND }).toBe(count);
  return { begun, hasBegun, ask, end: (at: number, error?: Error) => ends[at]?.(error) };
}

describe('reads of many who ask at once', () => {
  test('whoever comes while one is under way gets an answer that began after they came', async () => {
    const { begun, hasBegun, ask, end } = bench();
    const first = ask('a');
    await hasBegun(1);
    const others = [ask('a'), ask('b'), ask('a')];
    end(0);
    expect(await first).toEqual({ text: 'a 1' });
    await hasBegun(2);
    const later = ask('b');
    end(1);
    expect(await Promise.all(others)).toEqual([{ text: 'a 2' }, { text: 'b 2' }, { text: 'a 2' }]);
    await hasBegun(3);
    end(2);
    expect(await later).toEqual({ text: 'b 3' });
    expect(begun).toEqual([['a'], ['a', 'b'], ['b']]);
  });

  test('one read asks for all keys, each once, and each has its own value', async () => {
    const { begun, hasBegun, ask, end } = bench();
    const all = ['a', 'b', 'a', 'c'].map((key) => ask(key));
    await hasBegun(1);
    end(0);
    const [a, b, again, c] = await Promise.all(all);
    expect(begun).toEqual([['a', 'b', 'c']]);
    expect([a, b, c]).toEqual([{ text: 'a 1' }, { text: 'b 1' }, { text: 'c 1' }]);
    expect(again).toBe(a);
  });

  test('what was answered is kept for nobody', async () => {
    const { hasBegun, ask, end } = bench();
    const first = ask('a');
    await hasBegun(1);
    end(0);
    await first;
    const second = ask('a');
    await hasBegun(2);
    end(1);
    expect(await second).toEqual({ text: 'a 2' });
  });

  test('one that fails fails for those who share it, and for nobody after them', async () => {
    const { hasBegun, ask, end } = bench();
    const first = ask('a');
    await hasBegun(1);
    const next = ask('a');
    end(0, new Error('away'));
    await expect(first).rejects.toThrow('away');
    await hasBegun(2);
    end(1);
    expect(await next).toEqual({ text: 'a 2' });
  });

  test('one that hangs holds up nobody who comes later for long', async () => {
    const { hasBegun, ask, end } = bench();
    const hanging = ask('a');
    await hasBegun(1);
    const later = ask('a');
    await hasBegun(2);
    end(1);
    expect(await later).toEqual({ text: 'a 2' });
    end(0);
    expect(await hanging).toEqual({ text: 'a 1' });
  });

  test('a value that cannot be had is missed by those alone who asked for it', async () => {
    const { hasBegun, ask, end } = bench();
    const broken = ask('broken');
    const whole = ask('a');
    await hasBegun(1);
    end(0);
    await expect(broken).rejects.toThrow('broken');
    expect(await whole).toEqual({ text: 'a 1' });
  });
});
