import { type DestinationStream, type Logger, pino } from 'pino';
import { serializeError } from './serialize-error.ts';
import { standardOutput } from './standard-output.ts';

export type Log = Logger;

/**
 * JSON lines on standard output, or to `destination`; whoever started us keeps and rotates them. Known names of secrets
 * never get through, nor what hangs on an error besides its story.
 */
export function createLog(
  { level, service }: { level: string; service: string },
  destination: DestinationStream = standardOutput(),
): Log {
  const options = {
    level,
    base: { service, pid: process.pid },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    serializers: { err: serializeError, error: serializeError },
    redact: ['password', 'adminPassword', 'secretKey', '*.password', '*.adminPassword', '*.secretKey'],
  };
  return pino(options, destination);
}
