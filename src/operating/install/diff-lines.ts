/**
 * What changes from one text to another, as `diff` shows it without context: `-` goes, `+` comes. For files of a few
 * hundred lines.
 */
export function diffLines(before: string, after: string): string[] {
  const old = linesOf(before);
  const wanted = linesOf(after);
  const kept = longestCommon(old, wanted);
  const lines: string[] = [];
  let at = 0;
  let to = 0;
  for (const [oldIndex, newIndex] of [...kept, [old.length, wanted.length] as const]) {
    lines.push(...old.slice(at, oldIndex).map((line) => `- ${line}`));
    lines.push(...wanted.slice(to, newIndex).map((line) => `+ ${line}`));
    at = oldIndex + 1;
    to = newIndex + 1;
  }
  return lines;
}

const linesOf = (text: string): string[] => (text === '' ? [] : text.replace(/\n$/, '').split('\n'));

/** Pairs of indexes of the lines that both have, in order. */
function longestCommon(a: readonly string[], b: readonly string[]): (readonly [number, number])[] {
  const lengths = Array.from({ length: a.length + 1 }, () => new Uint16Array(b.length + 1));
  const at = (i: number, j: number): number => lengths[i]?.[j] ?? 0;
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      const row = lengths[i];
      if (row) row[j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const pairs: (readonly [number, number])[] = [];
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    if (a[i] === b[j]) pairs.push([i++, j++]);
    else if (at(i + 1, j) >= at(i, j + 1)) i++;
    else j++;
  }
  return pairs;
}
