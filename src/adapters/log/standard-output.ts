import { type DestinationStream, pino } from 'pino';

const STANDARD_OUTPUT = 1;

/**
 * Standard output for lines: those of one turn of the event loop are written together, at its end, since many requests
 * are answered in one. A process that ends by itself, also by what nobody caught, has written all of them; one that is
 * killed may keep those of its last turn.
 */
export function standardOutput(): DestinationStream {
  const output = pino.destination({ dest: STANDARD_OUTPUT, sync: true });
  let lines = '';
  const writeOut = (): void => {
    if (lines !== '') output.write(lines);
    lines = '';
  };
  process.once('exit', writeOut);
  return {
    write(line) {
      if (lines === '') setImmediate(writeOut);
      lines += line;
    },
  };
}
