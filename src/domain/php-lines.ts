/** Release lines of PHP that images can be built with here, the preferred one first. */
export const PHP_LINES = ['8.4', '8.2'] as const;
export type PhpLine = (typeof PHP_LINES)[number];

/** Later than every release a line has had; the first one is asked for by nobody. */
const SOME_RELEASE = 20;

/** The preferred line that a composer constraint (`~8.2.0||~8.3.0`, `^8.1`, `>=8.1 <8.4`) lets in, or none. */
export function phpLineFor(constraint: string): PhpLine | undefined {
  return PHP_LINES.find((line) => accepts(constraint, [...line.split('.').map(Number), SOME_RELEASE]));
}

function accepts(constraint: string, version: readonly number[]): boolean {
  return constraint.split(/\|\|?/).some((all) => {
    const parts = all
      .replace(/([<>=!~^])\s+/g, '$1')
      .split(/[\s,]+/)
      .filter((part) => part !== '');
    return parts.length > 0 && parts.every((part) => meets(part, version));
  });
}

/** One part of a constraint; what is not understood lets nothing in. */
function meets(part: string, version: readonly number[]): boolean {
  const [, operator = '', text = ''] = /^(\^|~|>=|<=|>|<|=|!=)?v?(\d+(?:\.\d+)*(?:\.\*)?|\*)$/.exec(part) ?? [];
  if (text === '') return false;
  const wanted = text
    .split('.')
    .filter((number) => number !== '*')
    .map(Number);
  const order = compare(version, wanted);
  // `~8.2.0` moves its last number only, `~8.2` and `^8.2` everything behind the first.
  if (operator === '~') return order >= 0 && begins(version, wanted.slice(0, Math.max(1, wanted.length - 1)));
  if (operator === '^') return order >= 0 && begins(version, wanted.slice(0, 1));
  if (operator === '>=') return order >= 0;
  if (operator === '<=') return order <= 0;
  if (operator === '>') return order > 0;
  if (operator === '<') return order < 0;
  if (operator === '!=') return order !== 0;
  return begins(version, wanted);
}

const begins = (version: readonly number[], wanted: readonly number[]): boolean =>
  wanted.every((number, index) => version[index] === number);

function compare(a: readonly number[], b: readonly number[]): number {
  for (let index = 0; index < Math.max(a.length, b.length); index += 1) {
    const difference = (a[index] ?? 0) - (b[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
