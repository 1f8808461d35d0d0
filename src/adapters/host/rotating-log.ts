import { closeSync, fstatSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

const MIB = 1024 * 1024;
/** How large a log gets, and how many older ones are kept. */
export const LOG_LIMITS = { maxBytes: 10 * MIB, keep: 5 };

export interface RotatingLog {
  /** One line, without its end. A line that is not JSON is wrapped, so that every line of the file is. */
  write(line: string): void;
  close(): void;
}

/**
 * A file of JSON lines that we rotate ourselves: `worker.log`, then `worker.log.1` (newer) to `worker.log.5` (older).
 * Written at once and in order: what a process said before it died is there. Opened when first written to.
 */
export function openRotatingLog(path: string, { maxBytes, keep } = LOG_LIMITS): RotatingLog {
  let file: number | undefined;
  let size = 0;
  const open = (): number => {
    mkdirSync(dirname(path), { recursive: true, mode: 0o755 });
    const opened = openSync(path, 'a', 0o640);
    size = fstatSync(opened).size;
    return opened;
  };
  const close = (): void => {
    if (file !== undefined) closeSync(file);
    file = undefined;
  };
  return {
    close,
    write(line) {
      const bytes = Buffer.from(`${asJson(line)}\n`);
      file ??= open();
      if (size > 0 && size + bytes.length > maxBytes) {
        close();
        shiftLogs(path, keep);
        file = open();
      }
      size += writeSync(file, bytes);
    },
  };
}

/** `LOG.4` becomes `LOG.5`, …, `LOG` becomes `LOG.1`; with `youngest` 1 the log itself stays where it is. */
export function shiftLogs(path: string, keep: number, youngest = 0): void {
  rmSync(`${path}.${keep}`, { force: true });
  for (let age = keep - 1; age >= youngest; age--) {
    try {
      renameSync(age === 0 ? path : `${path}.${age}`, `${path}.${age + 1}`);
    } catch (error) {
      // Not that many yet.
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
    }
  }
}

function asJson(line: string): string {
  if (line.startsWith('{') && line.endsWith('}')) return line;
  return JSON.stringify({ level: 'info', time: new Date().toISOString(), msg: line });
}
