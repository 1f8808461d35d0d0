/** A row as it leaves the platform: every moment in UTC with milliseconds. */
export type WithIsoDates<Row> = {
  readonly [Name in keyof Row]: Row[Name] extends Date | null
    ? Row[Name] extends Date
      ? string
      : string | null
    : Row[Name];
};

/** The row with its moments as texts; what lies deeper in it stays as it is. */
export function withIsoDates<Row extends object>(row: Row): WithIsoDates<Row> {
  const entries = Object.entries(row).map(([name, value]) => [
    name,
    value instanceof Date ? value.toISOString() : value,
  ]);
  return Object.fromEntries(entries) as WithIsoDates<Row>;
}
