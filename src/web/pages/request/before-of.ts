/** Where a page of such a list begins, from its address; anything that is no line's number is the first page. */
export function beforeOf(request: Request): number | undefined {
  const before = Number(new URL(request.url).searchParams.get('before') ?? Number.NaN);
  return Number.isSafeInteger(before) && before > 0 ? before : undefined;
}
