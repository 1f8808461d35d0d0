// `npm run dev`: the platform as it is, with pages that change in the browser as they are edited, and processes that are
// restarted whenever another source changes. One thing is skipped: web runs as whoever started us, not as its own user.
import { spawn } from 'node:child_process';
import { watch } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../bin/root.mjs';

const SETTLE_MS = 300;
const PAGES = join('web', 'pages');
const SHOPCTL = join(ROOT, 'bin', 'shopctl');
const say = (line) => console.error(`dev: ${line}`);

const platform = spawn(process.execPath, [SHOPCTL, 'up', ...process.argv.slice(2)], {
  cwd: ROOT,
  stdio: 'inherit',
  env: { ...process.env, PAGES_FROM_SOURCES: '1' },
});
platform.on('close', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 1)));
// Ctrl-C reaches the platform too; it decides when we are done.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => platform.kill(signal));

let timer;
let busy = false;
let again = false;
watch(join(ROOT, 'src'), { recursive: true }, (_event, file) => {
  if (file === null || !/\.tsx?$/.test(file) || /\.test\.tsx?$/.test(file)) return;
  // Vite watches these, inside the web process.
  if (file.startsWith(PAGES)) return;
  clearTimeout(timer);
  timer = setTimeout(restart, SETTLE_MS, file);
});
say('Watching src: pages change in the browser as you edit them, any other change restarts worker and web.');
say('Everything is real, but web runs as you instead of as shophosting-web.');

/** The launcher rebuilds what changed before it does anything, so restarting is all there is to do. */
async function restart(file) {
  if (busy) {
    again = true;
    return;
  }
  busy = true;
  say(`${file} changed.`);
  for (const name of ['worker', 'web']) {
    const isNew = await restartOne(name);
    say(isNew ? `The ${name} runs the new code.` : `The ${name} still runs the old code; see above.`);
  }
  busy = false;
  if (!again) return;
  again = false;
  await restart('More');
}

function restartOne(name) {
  const command = spawn(process.execPath, [SHOPCTL, 'restart', name, '--quiet'], {
    cwd: ROOT,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  return new Promise((resolve) => command.on('close', (code) => resolve(code === 0)));
}
