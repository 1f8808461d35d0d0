import type { CliActions, LogLine, PlatformLog } from '../cli/actions.ts';
import { InvalidInputError } from '../domain/errors.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../lib/time.ts';

export interface LogSourceOptions {
  readonly since?: Date;
  readonly follow: boolean;
  readonly signal: AbortSignal;
}

/** Reads the lines of one part, oldest first. A part that wrote nothing yet has none. */
export type LogSource = (options: LogSourceOptions, onLine: (line: string, at: string | null) => void) => Promise<void>;

/** `logs`: one part's lines as they come; of several parts, sorted by their times, and with `follow` as they come. */
export function createShowLogs(
  sources: Readonly<Record<PlatformLog, readonly LogSource[]>>,
  now = () => new Date(),
): CliActions['logs'] {
  return async ({ service, since, follow, signal, onLine }) => {
    const names = service === undefined ? (Object.keys(sources) as PlatformLog[]) : [service];
    const options = { follow, signal, ...(since === undefined ? {} : { since: parseSince(since, now()) }) };
    const read = (emit: (line: LogLine) => void) =>
      Promise.all(
        names.flatMap((name) =>
          sources[name].map((source) => source(options, (line, at) => emit({ service: name, at, line }))),
        ),
      );
    if (follow) {
      await read(onLine);
      return;
    }
    const lines: LogLine[] = [];
    await read((line) => lines.push(line));
    for (const line of inOrderOfTime(lines)) onLine(line);
  };
}

/** A line without a time belongs behind the one before it. */
function inOrderOfTime(lines: readonly LogLine[]): LogLine[] {
  let last = '';
  const keyed = lines.map((line) => {
    last = line.at ?? last;
    return { line, key: last };
  });
  return keyed.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0)).map(({ line }) => line);
}

const UNITS = { s: SECOND, m: MINUTE, h: HOUR, d: DAY } as const;

/** `15m`, `2h`, or a time. Throws for anything else. */
export function parseSince(text: string, now: Date): Date {
  const age = /^(\d{1,6})([smhd])$/.exec(text);
  if (age !== null) {
    const unit = age[2] as keyof typeof UNITS;
    return new Date(now.getTime() - Number(age[1]) * UNITS[unit]);
  }
  const time = new Date(text);
  if (!Number.isNaN(time.getTime())) return time;
  throw new InvalidInputError(
    'since',
    `--since ${text} is neither an age such as 15m nor a time such as 2026-11-23T10:00:00Z.`,
  );
}
