import { createActions } from '../app/actions.ts';
import { readVersion } from '../app/read-version.ts';
import { createProcessIo } from '../cli/process-io.ts';
import { runCli } from '../cli/run-cli.ts';
import { ownSources } from '../config/read-settings.ts';

const exitCode = await runCli({
  argv: process.argv.slice(2),
  io: createProcessIo(ownSources().env),
  version: await readVersion(),
  openActions: async () => createActions(),
});
// Pools and sockets of libraries must not keep a command that has said its last word.
process.exit(exitCode);
