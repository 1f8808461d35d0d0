// `npm run check`: everything that can be said about the tree without running it. No Docker, no services, under a minute.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { needsPackages } from './packages.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const bin = (path) => `node_modules/${path}`;

/** Name → what Node runs. Order = longest first, so that two cores end at about the same time. */
const CHECKS = [
  {
    name: 'lint',
    args: [
      bin('oxlint/bin/oxlint'),
      '--type-aware',
      '--deny-warnings',
      'src',
      'test',
      'bench',
      'scripts',
      'bin',
      'vitest.config.ts',
      'vite.config.ts',
      'react-router.config.ts',
    ],
  },
  { name: 'unused', args: [bin('knip/bin/knip.js'), '--no-progress'] },
  {
    name: 'architecture',
    args: [
      bin('vitest/vitest.mjs'),
      'run',
      '--project',
      'unit',
      'test/architecture.test.ts',
      'test/traceability.test.ts',
    ],
  },
  { name: 'types-pages', args: [bin('typescript7/bin/tsc'), '-p', 'tsconfig.pages.json'] },
  { name: 'types', args: [bin('typescript7/bin/tsc'), '-p', '.'] },
  { name: 'format', args: [bin('@biomejs/biome/bin/biome'), 'check', '--colors=off', '.'] },
];

/** Runs the checks (all, or those not in `except`), two at a time. Prints each with its seconds. Never throws for a failed check. */
export async function runChecks({ except = [] } = {}) {
  const waiting = CHECKS.filter((check) => !except.includes(check.name));
  const results = [];
  const lane = async () => {
    for (let check = waiting.shift(); check !== undefined; check = waiting.shift()) {
      const result = await runCheck(check);
      print(result);
      results.push(result);
    }
  };
  await Promise.all(Array.from({ length: Math.max(2, Math.min(4, availableParallelism())) }, lane));
  return results;
}

function runCheck({ name, args }) {
  return new Promise((resolve) => {
    const startedAt = performance.now();
    const chunks = [];
    const present = args.filter(
      (arg, at) => at === 0 || !/^(bench|test|scripts)(\/|$)/.test(arg) || existsSync(`${ROOT}/${arg}`),
    );
    const child = spawn(process.execPath, present, {
      cwd: ROOT,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, NO_COLOR: '1' },
    });
    child.stdout.on('data', (chunk) => chunks.push(chunk));
    child.stderr.on('data', (chunk) => chunks.push(chunk));
    const finish = (ok, extra = '') =>
      resolve({
        name,
        ok,
        seconds: (performance.now() - startedAt) / 1000,
        output: Buffer.concat(chunks).toString() + extra,
      });
    child.on('error', (error) => finish(false, error.message));
    child.on('close', (code) => finish(code === 0));
  });
}

function print({ name, ok, seconds, output }) {
  console.log(`${ok ? '✔' : '✘'} ${name.padEnd(12)} ${seconds.toFixed(1).padStart(5)} s`);
  if (!ok) console.log(output.trimEnd().replace(/^/gm, '    '));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  if (needsPackages()) {
    console.error('The npm packages are not there, or not those of package-lock.json. Install them: npm ci');
    process.exit(1);
  }
  const startedAt = performance.now();
  const results = await runChecks();
  const failed = results.filter((result) => !result.ok);
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  console.log(
    failed.length === 0
      ? `All ${results.length} checks passed in ${seconds} s.`
      : `${failed.length} of ${results.length} checks failed (${seconds} s): ${failed.map((result) => result.name).join(', ')}`,
  );
  process.exitCode = failed.length === 0 ? 0 : 1;
}
