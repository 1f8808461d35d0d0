import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { compressFiles } from './compress-files.mjs';
import { ROOT } from './root.mjs';

/** Where the pages' sources are. */
export const PAGES = 'src/web/pages';
const BUILT = join(ROOT, 'build', 'pages');

/** Builds `build/pages/{client,server}` beside the old one, which stays until the new one is whole. */
export async function buildPages() {
  const fresh = join(ROOT, 'build', `.pages-${randomBytes(6).toString('hex')}`);
  const old = `${fresh}-old`;
  try {
    await runVite(fresh);
    await compressFiles(join(fresh, 'client'));
    if (existsSync(BUILT)) renameSync(BUILT, old);
    renameSync(fresh, BUILT);
  } finally {
    for (const folder of [fresh, old]) rmSync(folder, { recursive: true, force: true });
  }
}

function runVite(into) {
  const child = spawn(process.execPath, ['node_modules/@react-router/dev/bin.js', 'build'], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NODE_ENV: 'production', PAGES_BUILD_DIR: into },
  });
  const chunks = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => chunks.push(chunk));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve();
      else reject(new Error(`the pages do not build:\n${Buffer.concat(chunks).toString().slice(-4000)}`));
    });
  });
}
