// `npm run bench -- NAME`: one benchmark of bench/. `--list` lists them.
import { spawn } from 'node:child_process';
import { ensurePackages } from '../bin/ensure-packages.mjs';
import { ROOT } from '../bin/root.mjs';

await ensurePackages();
const args = ['--import', 'tsx', 'bench/harness/main.ts', ...process.argv.slice(2)];
const child = spawn(process.execPath, args, { cwd: ROOT, stdio: 'inherit' });
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.on('close', (code) => process.exit(code ?? 1));
