import { describe, expect, it } from 'vitest';
import { aStore } from '../../test/fakes/fake-world.ts';
import { inTurns } from './in-turns.ts';
import type { Step, StepContext } from './step.ts';

/** A step whose works end when they are told to. */
function bench({ atOnce = 1, longestMs = 60_000, heavy = (_id: string): boolean => true } = {}) {
  const begun: string[] = [];
  const ends = new Map<string, (error?: Error) => void>();
  const plain: Step = {
    name: 'start-containers',
    title: '',
    deadlineMs: 1,
    retry: { attempts: 1, backoffMs: 1 },
    ensure: ({ id }) =>
      new Promise((resolve, reject) => {
        begun.push(id);
        ends.set(id, (error) => (error === undefined ? resolve() : reject(error)));
      }),
  };
  const step = inTurns({ atOnce, longestMs }, async ({ id }) => heavy(id))(plain);
  const ensure = (id: string, signal = new AbortController().signal): Promise<void> =>
    step.ensure(aStore({ id }), { signal } as unknown as StepContext);
  return { begun, ensure, end: (id: string, error?: Error) => ends.get(id)?.(error) };
}

describe('what is heavy', () => {
  it('is done one after the other, in the order in which it came, whatever became of the one before', async () => {
    const { begun, ensure, end } = bench();
    const [a, b, c] = [ensure('a'), ensure('b'), ensure('c')];
    await expect.poll(() => begun).toEqual(['a']);
    end('a', new Error('broken'));
    await expect(a).rejects.toThrow('broken');
    await expect.poll(() => begun).toEqual(['a', 'b']);
    end('b');
    await b;
    await expect.poll(() => begun).toEqual(['a', 'b', 'c']);
    end('c');
    await c;
  });

  it('is done by as many at once as may, and not by more', async () => {
    const { begun, ensure } = bench({ atOnce: 2 });
    void [ensure('a'), ensure('b'), ensure('c')];
    await expect.poll(() => begun).toEqual(['a', 'b']);
  });

  it('that hangs holds up the next one for its turn alone', async () => {
    const { begun, ensure, end } = bench({ longestMs: 20 });
    const hanging = ensure('a');
    const next = ensure('b');
    await expect.poll(() => begun).toEqual(['a', 'b']);
    end('b');
    await next;
    end('a');
    await hanging;
  });

  it('is not begun for whoever has given up waiting', async () => {
    const { begun, ensure, end } = bench();
    const first = ensure('a');
    const gaveUp = new AbortController();
    const second = ensure('b', gaveUp.signal);
    const third = ensure('c');
    gaveUp.abort(new Error('given up'));
    await expect.poll(() => begun).toEqual(['a']);
    end('a');
    await first;
    await expect(second).rejects.toThrow('given up');
    await expect.poll(() => begun).toEqual(['a', 'c']);
    end('c');
    await third;
  });
});

it('what is not heavy waits for nobody', async () => {
  const { begun, ensure } = bench({ heavy: (id) => id === 'a' });
  void [ensure('a'), ensure('b')];
  await expect.poll(() => begun.toSorted()).toEqual(['a', 'b']);
});
