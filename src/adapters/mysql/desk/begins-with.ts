/** A pattern for LIKE: whatever begins with the text, its own signs meaning themselves. An index can answer it. */
export function beginsWith(text: string): string {
  return `${text.replaceAll(/[\\%_]/g, (sign) => `\\${sign}`)}%`;
}
