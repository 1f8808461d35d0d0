import { Argument, Command, CommanderError } from 'commander';
import type { CliActions } from './actions.ts';
import type { CliIo } from './cli-io.ts';
import { addAuditCommands } from './commands/audit.ts';
import { addCertificateCommands } from './commands/certificates.ts';
import { addCustomerCommands } from './commands/customers.ts';
import { addDatabaseCommands } from './commands/database.ts';
import { addDomainCommands } from './commands/domain.ts';
import { addInstallCommands } from './commands/install.ts';
import { addJobCommands } from './commands/jobs.ts';
import { addMachineCommands } from './commands/machine.ts';
import { addMailCommands } from './commands/mail.ts';
import { addPartsCommands } from './commands/parts.ts';
import { addPlanCommands } from './commands/plan.ts';
import { addPlatformCommands } from './commands/platform.ts';
import { addPoolCommands } from './commands/pool.ts';
import { addSecretCommands } from './commands/secrets.ts';
import { addSettingsCommands } from './commands/settings.ts';
import { addStoreCommands } from './commands/store.ts';
import { addTokenCommands } from './commands/token.ts';
import { addWebhookCommands } from './commands/webhook.ts';
import { COMPLETION_SHELLS, type CompletionShell, completionScript } from './completion.ts';
import { EXIT } from './exit-codes.ts';
import { printError } from './print-error.ts';
import { createPrinter } from './printer.ts';
import { elapsed } from './readable.ts';
import { addGlobalOptions, globalOptionsOf, type Session } from './session.ts';

export interface CliOptions {
  /** Without the program's own name: `['store', 'list']`. */
  readonly argv: readonly string[];
  readonly io: CliIo;
  readonly version: string;
  /** Called once, by the first command that needs it; `close` is called at the end, whatever happened. */
  readonly openActions: () => Promise<CliActions & { close?(): Promise<void> }>;
}

/** One run of `shopctl`. Returns its exit code (contract §2) and never throws; ends no process. */
export async function runCli({ argv, io, version, openActions }: CliOptions): Promise<number> {
  let opened: ReturnType<CliOptions['openActions']> | undefined;
  const session: Session = { io, version, actions: () => (opened ??= openActions()), exitCode: 0 };
  const debug = hasFlag(argv, '--debug');
  const flags = { json: hasFlag(argv, '--json'), debug, verbose: debug || hasFlag(argv, '--verbose', '-v') };
  const begunAt = performance.now();
  try {
    await createProgram(session).parseAsync(argv.length === 0 ? ['--help'] : [...argv], { from: 'user' });
    return session.exitCode;
  } catch (thrown) {
    if (thrown instanceof CommanderError) return usageExit(io, thrown, flags.json);
    return printError(io, thrown, flags);
  } finally {
    await (await opened?.catch(() => undefined))?.close?.();
    if (flags.verbose) io.err(`It took ${elapsed(performance.now() - begunAt)}.`);
  }
}

function createProgram(session: Session): Command {
  const { io, version } = session;
  const program = addGlobalOptions(new Command('shopctl'))
    .description('Runs a ShopHosting platform: online stores in containers, each on its own domain over HTTPS.')
    .version(version, '--version', 'print the version')
    .helpOption('-h, --help', 'show help; also: shopctl help COMMAND')
    .addHelpText('after', FIRST_STEPS)
    .enablePositionalOptions()
    .showSuggestionAfterError()
    .exitOverride()
    .configureOutput({
      writeOut: (text) => io.out(text.trimEnd()),
      writeErr: (text) => io.err(text.trimEnd()),
      outputError: (text, write) => write(text.replace(/^error: /, 'Error: ')),
      getOutHasColors: () => io.mayColor,
      getErrHasColors: () => io.mayColor,
    });
  // Sub-commands inherit exitOverride and configureOutput when they are made, so these come after.
  addPlatformCommands(program, session);
  addInstallCommands(program, session);
  addMachineCommands(program, session);
  addPartsCommands(program, session);
  addStoreCommands(program, session);
  addJobCommands(program, session);
  addCustomerCommands(program, session);
  addPlanCommands(program, session);
  addPoolCommands(program, session);
  addSecretCommands(program, session);
  addDatabaseCommands(program, session);
  addSettingsCommands(program, session);
  addMailCommands(program, session);
  addTokenCommands(program, session);
  addWebhookCommands(program, session);
  addAuditCommands(program, session);
  addCertificateCommands(program, session);
  addDomainCommands(program, session);
  addCompletionCommand(program, session);
  addVersionCommand(program, session);
  return program;
}

const FIRST_STEPS = `
Examples:
  shopctl up --demo
  shopctl store create --platform woocommerce --name demo --email owner@example.com --wait
  shopctl store credentials demo
  shopctl doctor

Exit codes: 0 ok, 1 failed, 2 usage, 3 not found, 4 denied, 5 conflict, 6 timed out (work goes on),
7 needs attention, 78 configuration, 130 interrupted.`;

/** As `version`, it needs no actions; it comes last but one, and knows every command by then. */
function addCompletionCommand(program: Command, { io }: Session): void {
  const summary = 'print a script that completes commands and options in your shell';
  addGlobalOptions(program.command('completion'))
    .summary(summary)
    .description(summary)
    .addArgument(new Argument('<shell>', 'the shell').choices(COMPLETION_SHELLS))
    .addHelpText('after', '\nExamples:\n  source <(shopctl completion bash)\n  source <(shopctl completion zsh)')
    .action((shell: CompletionShell) => io.out(completionScript(program, shell)));
}

/** Needs no actions, so it is not made with `defineCommand`: it must work where nothing else does. */
function addVersionCommand(program: Command, { io, version }: Session): void {
  const command = addGlobalOptions(program.command('version'))
    .summary('print the version')
    .description('print the version');
  command.action(() => {
    createPrinter(io, globalOptionsOf(command)).object({ version, node: process.version }, [
      ['version', version],
      ['node', process.version],
    ]);
  });
}

function usageExit(io: CliIo, error: CommanderError, json: boolean): number {
  if (error.exitCode === 0) return EXIT.ok;
  // The message of a bare group (`shopctl store`) is the help that was just shown.
  const message = error.code === 'commander.help' ? 'A command is missing.' : error.message.replace(/^error: /, '');
  if (json) io.out(JSON.stringify({ error: { code: 'invalid_input', message, hint: 'See: shopctl --help' } }));
  return EXIT.usage;
}

/** For errors before the line is understood; a value that looks like the flag only changes how the error is printed. */
function hasFlag(argv: readonly string[], ...flags: readonly string[]): boolean {
  const end = argv.indexOf('--');
  return (end === -1 ? argv : argv.slice(0, end)).some((word) => flags.includes(word));
}
