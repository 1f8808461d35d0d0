import { spawn } from 'node:child_process';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { needsPackages } from '../scripts/packages.mjs';
import { say } from './progress.mjs';
import { ROOT } from './root.mjs';
import { withLock } from './with-lock.mjs';

const STILL_RUNNING_MS = 10_000;
const TAIL_LINES = 12;

/** Installs what package-lock.json says when node_modules lacks it or is older. Throws with npm's last lines and a cure. */
export async function ensurePackages() {
  if (isInstalledAfterLockfile()) return;
  await withLock('packages', async () => {
    if (needsPackages()) await installPackages();
  });
}

/** The quick look: npm writes its own record last, so a record newer than the lockfile means nothing changed since. */
function isInstalledAfterLockfile() {
  const modifiedAt = (path) => statSync(join(ROOT, path), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  return modifiedAt('node_modules/.package-lock.json') > modifiedAt('package-lock.json');
}

async function installPackages() {
  say('Installing npm packages (npm ci) …');
  const reminder = setInterval(() => say('  still installing npm packages …'), STILL_RUNNING_MS);
  try {
    // Development packages too, also under NODE_ENV=production: the build needs esbuild.
    await runNpm(['ci', '--include=dev', '--no-audit', '--no-fund', '--no-progress', '--loglevel=error']);
  } finally {
    clearInterval(reminder);
  }
  say('npm packages are installed.');
}

function runNpm(args) {
  // Under `npm start` npm says where it is; else it is looked for in PATH.
  const script = process.env.npm_execpath?.endsWith('.js') ? process.env.npm_execpath : undefined;
  const [program, argv] = script === undefined ? ['npm', args] : [process.execPath, [script, ...args]];
  return new Promise((resolve, reject) => {
    const child = spawn(program, argv, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] });
    const lines = [];
    const keep = (chunk) => lines.push(...String(chunk).split('\n').filter(Boolean));
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.on('error', (error) =>
      reject(
        new Error(
          error.code === 'ENOENT' ? 'npm is not on this machine. Install it: apt-get install npm' : error.message,
        ),
      ),
    );
    child.on('close', (code, signal) => {
      if (code === 0) return resolve();
      const tail = lines.slice(-TAIL_LINES).join('\n  ');
      reject(
        new Error(
          `npm ci ended with ${signal ?? `exit code ${code}`}:\n  ${tail}\nCheck that the npm registry is reachable (npm ping), then try again.`,
        ),
      );
    });
  });
}
