import type { Command } from 'commander';
import type { z } from 'zod';
import { InvalidInputError } from '../domain/errors.ts';
import type { CliActions } from './actions.ts';
import type { CliIo } from './cli-io.ts';
import { createPrinter, type Printer } from './printer.ts';

/** One run of `shopctl`: what every command needs, and where it leaves its exit code. */
export interface Session {
  readonly io: CliIo;
  readonly version: string;
  /** Opened when the first command asks: help, version and usage errors need no configuration and no database. */
  readonly actions: () => Promise<CliActions>;
  exitCode: number;
}

export interface CommandSpec<Options> {
  /** As commander reads it: `create`, `show <id>`, `restart [service]`. */
  readonly usage: string;
  readonly summary: string;
  readonly examples?: readonly string[];
  /** Adds options and argument choices. */
  readonly configure?: (command: Command) => void;
  readonly options: z.ZodType<Options>;
  /** Its number is the exit code; nothing means 0. */
  readonly run: (call: Call<Options>) => Promise<number | undefined | void>;
}

export interface Call<Options> {
  readonly options: Options;
  readonly args: readonly (string | undefined)[];
  readonly actions: CliActions;
  readonly printer: Printer;
  readonly io: CliIo;
}

/** Every command and every group knows these, wherever on the line they stand. */
export function addGlobalOptions(command: Command): Command {
  return command
    .option('--json', 'print one JSON object on standard output')
    .option('--quiet', 'no messages, only data and errors')
    .option('--no-color', 'no colours (also: NO_COLOR=1)')
    .option('--no-input', 'never ask; what would be asked is an error that names the option to give')
    .option('-v, --verbose', 'also tell what an error came from, and how long it took')
    .option('--debug', 'as --verbose, with the stack of an error');
}

/**
 * Adds a command below `parent`. Positional options: what stands behind a command's name belongs to that command, so a
 * value that looks like an option (`--title "--json"`) is never taken for one of ours.
 */
export function defineCommand<Options>(parent: Command, session: Session, spec: CommandSpec<Options>): void {
  const command = addGlobalOptions(parent.command(spec.usage)).summary(spec.summary).description(spec.summary);
  spec.configure?.(command);
  if (spec.examples)
    command.addHelpText('after', `\nExamples:\n${spec.examples.map((line) => `  ${line}`).join('\n')}`);
  command.action(async () => {
    const options = parseOptions(spec.options, command.opts());
    const given = globalOptionsOf(command);
    const printer = createPrinter(session.io, given);
    const { ask: _neverAsked, ...silent } = session.io;
    const io = given.input ? session.io : silent;
    const actions = await session.actions();
    session.exitCode = (await spec.run({ options, args: command.args, actions, printer, io })) ?? 0;
  });
}

/** A group of commands, e.g. `store`. Called without one of them it shows its help. */
export function defineGroup(parent: Command, name: string, summary: string): Command {
  return addGlobalOptions(parent.command(name)).summary(summary).description(summary).enablePositionalOptions();
}

interface GlobalOptions {
  readonly json: boolean;
  readonly quiet: boolean;
  readonly color: boolean;
  /** May a person be asked? */
  readonly input: boolean;
}

/** Flags given to the command itself or to any of its parents. */
export function globalOptionsOf(command: Command): GlobalOptions {
  const chain: Record<string, unknown>[] = [];
  for (let at: Command | null = command; at !== null; at = at.parent) chain.push(at.opts());
  const given = (name: string): boolean => chain.some((options) => options[name] === true);
  return {
    json: given('json'),
    quiet: given('quiet'),
    color: chain.every((options) => options['color'] !== false),
    input: chain.every((options) => options['input'] !== false),
  };
}

function parseOptions<Options>(schema: z.ZodType<Options>, given: unknown): Options {
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const field = issue?.path.join('.') ?? 'option';
  throw new InvalidInputError(field, `--${field}: ${issue?.message ?? 'is not valid'}.`);
}
