import { SECOND } from './time.ts';

/** A read on a line that is dead may never end. */
const ALONE_FOR_MS = SECOND;

/**
 * Lets callers who ask at the same time share a read that is as fresh as one of their own: while one is under way,
 * whoever comes waits for the next, which begins after all of them came and asks for everything that they want. So at
 * most one read is under way at once, but for one that hangs: whoever came later waits a second for it, not longer. Nothing
 * is kept beyond a read.
 *
 * `readAll` is given each key once, and answers with what finds the value of a key in what it has read; that is asked
 * once per key, and its value is one object for all who share it: it must be one that nobody changes. A read that fails
 * fails for those who shared it, a value that cannot be had only for those who asked for it; the next is read anew.
 */
export function readTogether<Key, Value>(
  readAll: (keys: readonly Key[]) => Promise<(key: Key) => Value | Promise<Value>>,
): (key: Key) => Promise<Value> {
  /** Resolves with the end of the last read that has begun, or when it has taken too long. */
  let lastEnds: Promise<unknown> = Promise.resolve();
  let next: Read<Key, Value> | undefined;

  function gather(): Read<Key, Value> {
    const values = new Map<Key, Promise<Value>>();
    const begins = lastEnds.then(turnEnds);
    const found = begins.then(() => {
      next = undefined;
      return readAll([...values.keys()]);
    });
    lastEnds = begins.then(() => settledOrLate(found));
    return { found, values };
  }

  return (key) => {
    next ??= gather();
    const { found, values } = next;
    const value = values.get(key) ?? found.then((valueOf) => valueOf(key));
    values.set(key, value);
    return value;
  };
}

function settledOrLate(read: Promise<unknown>): Promise<void> {
  return new Promise((resolve) => {
    const late = setTimeout(resolve, ALONE_FOR_MS);
    const ends = (): void => {
      clearTimeout(late);
      resolve();
    };
    read.then(ends, ends);
  });
}

const turnEnds = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** One that has not begun yet. */
interface Read<Key, Value> {
  readonly found: Promise<(key: Key) => Value | Promise<Value>>;
  /** Of all that was asked for so far. */
  readonly values: Map<Key, Promise<Value>>;
}
