export type Closer = () => unknown;

/** Takes down what was put up, last first. */
export async function closeAll(closers: readonly Closer[]): Promise<void> {
  for (const close of closers.toReversed()) await close();
}
