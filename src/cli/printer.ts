import Table from 'cli-table3';
import picocolors from 'picocolors';
import type { LogLine } from './actions.ts';
import type { CliIo } from './cli-io.ts';
import { onOneLine } from './readable.ts';

export interface PrinterOptions {
  readonly json: boolean;
  readonly quiet: boolean;
  readonly color: boolean;
}

export interface Column<Item> {
  readonly title: string;
  readonly value: (item: Item) => string | number | null | undefined;
}

export type Fact = readonly [label: string, value: string | number | null | undefined];

/** Data goes to standard output, in one of three shapes; everything else to standard error. */
export interface Printer {
  readonly json: boolean;
  readonly colors: ReturnType<typeof picocolors.createColors>;
  /** One object: JSON as it is, for people its facts. */
  object(value: object, facts: readonly Fact[]): void;
  /** A list: `{"items":[…]}`, a table on a terminal, else tab-separated lines without a head. */
  list<Item>(items: readonly Item[], columns: readonly Column<Item>[], whenEmpty: string): void;
  /** Log lines as `read` hands them over. With `--json`: one list at the end, or one object per line while following. */
  lines(follow: boolean, read: (onLine: (line: LogLine) => void) => Promise<void>): Promise<void>;
  /** Free text for people; nothing with `--json`. */
  text(text: string): void;
  /** A message on standard error; silent with `--quiet`. */
  note(message: string): void;
}

export function createPrinter(io: CliIo, options: PrinterOptions): Printer {
  const colors = picocolors.createColors(io.mayColor && options.color);
  const printJson = (value: unknown): void => io.out(JSON.stringify(value, null, io.isTerminal ? 2 : undefined));
  const cell = (value: string | number | null | undefined): string => onOneLine(String(value ?? '')) || '-';
  return {
    json: options.json,
    colors,
    object(value, facts) {
      if (options.json) return printJson(value);
      const width = Math.max(...facts.map(([label]) => label.length));
      for (const [label, fact] of facts) {
        io.out(io.isTerminal ? `${colors.dim(label.padEnd(width))}  ${cell(fact)}` : `${label}\t${cell(fact)}`);
      }
    },
    list(items, columns, whenEmpty) {
      if (options.json) return printJson({ items });
      if (items.length === 0) return options.quiet ? undefined : io.err(whenEmpty);
      const rows = items.map((item) => columns.map((column) => cell(column.value(item))));
      if (!io.isTerminal) return io.out(rows.map((row) => row.join('\t')).join('\n'));
      const table = new Table({ head: columns.map(({ title }) => colors.bold(title)), ...PLAIN_TABLE });
      table.push(...rows);
      io.out(table.toString());
    },
    async lines(follow, read) {
      const items: LogLine[] = [];
      const onLine = (line: LogLine): void => {
        if (!options.json) return io.out(`${colors.dim(line.service)} ${onOneLine(line.line)}`);
        if (follow) return io.out(JSON.stringify(line));
        items.push(line);
      };
      await read(onLine);
      if (options.json && !follow) printJson({ items });
    },
    text(text) {
      if (!options.json) io.out(text);
    },
    note(message) {
      if (!options.quiet) io.err(message);
    },
  };
}

const PLAIN_TABLE = {
  chars: {
    top: '',
    'top-mid': '',
    'top-left': '',
    'top-right': '',
    bottom: '',
    'bottom-mid': '',
    'bottom-left': '',
    'bottom-right': '',
    left: '',
    'left-mid': '',
    mid: '',
    'mid-mid': '',
    right: '',
    'right-mid': '',
    middle: '  ',
  },
  style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [] },
};
