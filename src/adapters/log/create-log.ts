import { type Logger, pino } from 'pino';

export type Log = Logger;

/** JSON lines on standard output; whoever started us keeps and rotates them. Known names of secrets never get through. */
export function createLog({ level, service }: { level: string; service: string }): Log {
  return pino({
    level,
    base: { service, pid: process.pid },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    redact: ['password', 'adminPassword', 'secretKey', '*.password', '*.adminPassword', '*.secretKey'],
  });
}
