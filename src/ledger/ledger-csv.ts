import type { StoredLine } from '../domain/ledger.ts';

const COLUMNS = [
  ['id', ({ id }) => String(id)],
  ['at', ({ at }) => at.toISOString()],
  ['actor', ({ actor }) => actor],
  ['as', ({ as }) => as],
  ['token', ({ tokenId }) => tokenId],
  ['action', ({ action }) => action],
  ['target', ({ target }) => target],
  ['store', ({ storeId }) => storeId],
  ['result', ({ result }) => result],
  ['address', ({ address }) => address],
  ['request', ({ requestId }) => requestId],
  ['details', ({ details }) => JSON.stringify(details)],
] as const satisfies readonly (readonly [string, (line: StoredLine) => string | null])[];

/** The first row of a file of lines, with its line end. */
export const CSV_HEAD = `${COLUMNS.map(([name]) => name).join(',')}\r\n`;

/** A line as a row of RFC 4180. No cell can be a formula where a spreadsheet opens it. */
export function csvRowOf(line: StoredLine): string {
  return `${COLUMNS.map(([, cellOf]) => quoted(cellOf(line) ?? '')).join(',')}\r\n`;
}

function quoted(text: string): string {
  const harmless = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
