/**
 * Lets callers who ask the same at the same time share an answer that is as fresh as one of their own: while a read of
 * a key is under way, whoever comes waits for the next one, which begins after all of them came. So at most one read of
 * a key is under way at once, and nothing is kept beyond it. A read that fails fails for those who shared it; the next
 * is read anew. The answer is one object for all of them: `read` must give what nobody changes.
 */
export function shareReads<Value>(read: (key: string) => Promise<Value>): (key: string) => Promise<Value> {
  const underWay = new Map<string, Line<Value>>();

  function begin(key: string): Promise<Value> {
    const result = read(key);
    const line: Line<Value> = { next: undefined, ended: result.then(end, end) };
    underWay.set(key, line);
    return result;

    function end(): void {
      if (line.next === undefined) underWay.delete(key);
    }
  }

  return (key) => {
    const line = underWay.get(key);
    if (line === undefined) return begin(key);
    line.next ??= line.ended.then(() => begin(key));
    return line.next;
  };
}

interface Line<Value> {
  /** Of those who came since this read began. */
  next: Promise<Value> | undefined;
  /** When it has ended, well or not. */
  readonly ended: Promise<void>;
}
