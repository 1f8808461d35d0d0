// `npm run dev`: the platform as it is, and a worker that is restarted whenever a source changes. Nothing is skipped:
// same users, same folders, same containers. Only the pages will have their own live reload, once there are pages.
import { spawn } from 'node:child_process';
import { watch } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../bin/root.mjs';

const SETTLE_MS = 300;
const SHOPCTL = join(ROOT, 'bin', 'shopctl');
const say = (line) => console.error(`dev: ${line}`);

const platform = spawn(process.execPath, [SHOPCTL, 'up', ...process.argv.slice(2)], { cwd: ROOT, stdio: 'inherit' });
platform.on('close', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 1)));
// Ctrl-C reaches the platform too; it decides when we are done.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => platform.kill(signal));

let timer;
let busy = false;
let again = false;
watch(join(ROOT, 'src'), { recursive: true }, (_event, file) => {
  if (file === null || !file.endsWith('.ts') || file.endsWith('.test.ts')) return;
  clearTimeout(timer);
  timer = setTimeout(restartWorker, SETTLE_MS, file);
});
say('Watching src; a change rebuilds and restarts the worker. Started with everything real, nothing skipped.');

/** The launcher rebuilds what changed before it does anything, so restarting is all there is to do. */
function restartWorker(file) {
  if (busy) {
    again = true;
    return;
  }
  busy = true;
  say(`${file} changed.`);
  const restart = spawn(process.execPath, [SHOPCTL, 'restart', 'worker', '--quiet'], {
    cwd: ROOT,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  restart.on('close', (code) => {
    say(code === 0 ? 'The worker runs the new code.' : 'The worker still runs the old code; see above.');
    busy = false;
    if (!again) return;
    again = false;
    restartWorker('More');
  });
}
