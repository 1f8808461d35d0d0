/** For `catch`: failures with one of these codes, such as `ENOENT`, are `undefined`; whatever else is thrown again. */
export function ignoring(...codes: readonly string[]): (error: unknown) => undefined {
  return (error) => {
    if (error instanceof Error && 'code' in error && codes.includes(String(error.code))) return undefined;
    throw error;
  };
}
