import { describe, expect, test } from 'vitest';
import { shareReads } from './share-reads.ts';

/** Reads that end when they are told to, in the order in which they began. */
function bench() {
  const begun: string[] = [];
  const ends: ((error?: Error) => void)[] = [];
  const ask = shareReads(
    (key) =>
      new Promise<string>((resolve, reject) => {
        const answer = `${key} ${begun.push(key)}`;
        ends.push((error) => (error === undefined ? resolve(answer) : reject(error)));
      }),
  );
  return { begun, ask, end: (at: number, error?: Error) => ends[at]?.(error) };
}

describe('reads that are shared', () => {
  test('whoever comes while one is under way gets an answer that began after they came, and all of them the same', async () => {
    const { begun, ask, end } = bench();
    const first = ask('a');
    const others = [ask('a'), ask('a'), ask('a')];
    expect(begun).toEqual(['a']);
    end(0);
    expect(await first).toBe('a 1');
    await expect.poll(() => begun).toEqual(['a', 'a']);
    const later = ask('a');
    end(1);
    expect(await Promise.all(others)).toEqual(['a 2', 'a 2', 'a 2']);
    await expect.poll(() => begun.length).toBe(3);
    end(2);
    expect(await later).toBe('a 3');
  });

  test('what was answered is kept for nobody', async () => {
    const { ask, end } = bench();
    const first = ask('a');
    end(0);
    await first;
    const second = ask('a');
    end(1);
    expect(await second).toBe('a 2');
  });

  test('different keys do not wait for each other', async () => {
    const { begun, ask, end } = bench();
    void ask('a');
    const other = ask('b');
    expect(begun).toEqual(['a', 'b']);
    end(1);
    expect(await other).toBe('b 2');
  });

  test('one that fails fails for those who share it, and for nobody after them', async () => {
    const { begun, ask, end } = bench();
    const first = ask('a');
    const next = ask('a');
    end(0, new Error('away'));
    await expect(first).rejects.toThrow('away');
    await expect.poll(() => begun.length).toBe(2);
    end(1);
    expect(await next).toBe('a 2');
  });
});
