import { type AppError, InvalidFormError, toAppError } from '../domain/errors.ts';
import type { CliIo } from './cli-io.ts';
import { EXIT, EXIT_CODE_OF } from './exit-codes.ts';
import { onOneLine } from './readable.ts';

/** What, why, what to do next; what it came from and the stack only when asked for. With `--json` the same as an object on standard output too. Returns the exit code. */
export function printError(
  io: CliIo,
  thrown: unknown,
  options: { readonly json: boolean; readonly verbose: boolean; readonly debug: boolean },
): number {
  if (io.interrupt.aborted) {
    io.err('Interrupted. What was done stays; the same command goes on from there.');
    return EXIT.interrupted;
  }
  const error = toAppError(thrown);
  const hint = error.hint ?? HINTS[error.code] ?? null;
  if (options.json) io.out(JSON.stringify({ error: { code: error.code, message: error.message, hint } }));
  io.err(`Error: ${error.message}`);
  if (thrown instanceof InvalidFormError) {
    for (const [field, sentence] of Object.entries(thrown.fields)) io.err(`  ${field}: ${sentence}`);
  }
  if (hint !== null) io.err(`  ${hint}`);
  if (options.debug) io.err(withCauses(thrown));
  else if (options.verbose) for (const cause of causesOf(thrown)) io.err(`  because: ${onOneLine(cause)}`);
  return EXIT_CODE_OF[error.code];
}

const HINTS: Partial<Record<AppError['code'], string>> = {
  invalid_input: 'See what is expected: shopctl COMMAND --help',
  internal_error: 'This should not happen. Run it again with --debug and report what it prints.',
  database_unavailable: 'Is the platform up? See: shopctl status, shopctl doctor',
  queue_unavailable: 'Is the platform up? See: shopctl status, shopctl doctor',
  docker_unavailable: 'Start the engine; see: shopctl doctor',
};

/** Of what each came, outermost first. */
function causesOf(thrown: unknown): string[] {
  if (!(thrown instanceof Error) || thrown.cause === undefined) return [];
  const { cause } = thrown;
  return [cause instanceof Error ? cause.message : toAppError(cause).message, ...causesOf(cause)];
}

function withCauses(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown);
  const stack = thrown.stack ?? thrown.message;
  return thrown.cause === undefined ? stack : `${stack}\nCaused by: ${withCauses(thrown.cause)}`;
}
