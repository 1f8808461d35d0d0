import { setMaxListeners } from 'node:events';
import { createInterface } from 'node:readline/promises';
import { text } from 'node:stream/consumers';
import type { CliIo } from './cli-io.ts';

/**
 * The terminal or pipe we were started with. Installs handlers for SIGINT, SIGTERM and SIGHUP that abort `interrupt`; a
 * second Ctrl-C ends the process at once. A reader that goes away (`shopctl store list | head`) is not an error.
 */
export function createProcessIo(environment: Readonly<Record<string, string | undefined>>): CliIo {
  const interrupt = new AbortController();
  // Everything that goes on at once listens to it; that is no leak.
  setMaxListeners(0, interrupt.signal);
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => {
      if (interrupt.signal.aborted) process.exit(130);
      interrupt.abort(new Error(`Interrupted by ${name}.`));
    });
  }
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
    });
  }
  const isTerminal = process.stdout.isTTY;
  const isPlain = (environment['NO_COLOR'] ?? '') !== '' || environment['TERM'] === 'dumb';
  return {
    out: (line) => void process.stdout.write(`${line}\n`),
    err: (line) => void process.stderr.write(`${line}\n`),
    isTerminal,
    mayColor: isTerminal && process.stderr.isTTY && !isPlain,
    ...(process.stdin.isTTY && process.stderr.isTTY ? { ask: askOnTerminal } : {}),
    readStdin: () => text(process.stdin),
    interrupt: interrupt.signal,
  };
}

async function askOnTerminal(question: string): Promise<string> {
  const prompt = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await prompt.question(question);
  } finally {
    prompt.close();
  }
}
