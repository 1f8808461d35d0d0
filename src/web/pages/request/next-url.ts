/** Somewhere that never exists: what a path is resolved against to see whether it stays at home. */
const HOME = 'https://home.invalid';

/**
 * `text` when it is a path of this site, else `otherwise`. Another host in any disguise (`//evil`, `/\evil`, a scheme,
 * a tab in between) is refused, for a browser would follow it there.
 */
export function ownPathOr(text: unknown, otherwise: string): string {
  if (typeof text !== 'string' || !text.startsWith('/') || !URL.canParse(text, HOME)) return otherwise;
  const { origin, pathname, search } = new URL(text, HOME);
  return origin === HOME && !pathname.startsWith('//') ? `${pathname}${search}` : otherwise;
}
