// `npm test`: the whole set-up, every check, every test, on a machine as it comes. Node's own modules only, until
// packages are there. The last line is `N passed, N failed` (`, N skipped`); exit code 0 only when nothing failed.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensurePackages } from '../bin/ensure-packages.mjs';
import { runChecks } from './check.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const MINUTE = 60_000;
const KILL_AFTER_MS = 15_000;
const FAILURE_TEXT_MAX = 1500;
const REPORTS = mkdtempSync(join(tmpdir(), 'shophosting-test-'));

/** In this order. A limit ends a suite that hangs; it then counts as failed. */
const SUITES = [
  { name: 'check', run: check },
  { name: 'unit', run: () => vitest('unit', 10 * MINUTE) },
  { name: 'integration', needsMachine: true, run: () => vitest('integration', 25 * MINUTE) },
  { name: 'e2e', needsMachine: true, run: () => vitest('e2e', 60 * MINUTE) },
  { name: 'e2e-alone', needsMachine: true, run: () => vitest('e2e-alone', 10 * MINUTE) },
];
const MACHINE_LIMIT_MS = 30 * MINUTE;

const [only, ...filters] = process.argv.slice(2);
const chosen = only === undefined ? SUITES : SUITES.filter(({ name }) => name === only);
if (chosen.length === 0) {
  console.error(`There is no suite ${only}. Known: ${SUITES.map(({ name }) => name).join(', ')}.`);
  process.exit(2);
}

const children = new Set();
let interrupted = false;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => {
    interrupted = true;
    for (const child of children) endGroup(child);
  });
}
process.on('exit', () => {
  for (const child of children) signalGroup(child, 'SIGKILL');
  rmSync(REPORTS, { recursive: true, force: true });
});

const results = [];
/** What failed and why, told once more at the very end: a log of 50,000 lines is often read by its tail. */
const failures = [];
await timed('packages', async () => {
  try {
    await ensurePackages();
    return counted({});
  } catch (error) {
    return counted({ failed: 1, why: error.message });
  }
});
if (results[0].failed === 0) {
  for (const suite of chosen) {
    if (suite.needsMachine) await prepareMachineOnce();
    const isReady = !suite.needsMachine || results.find(({ name }) => name === 'machine').failed === 0;
    await timed(suite.name, async () =>
      isReady ? suite.run() : counted({ failed: 1, why: 'not run: this machine could not be prepared' }),
    );
  }
}
report();

async function prepareMachineOnce() {
  if (results.some(({ name }) => name === 'machine')) return;
  await timed('machine', async () => {
    const code = await node(['--import', 'tsx', 'test/setup/prepare-machine.ts'], MACHINE_LIMIT_MS);
    return code === 0 ? counted({}) : counted({ failed: 1, why: `preparing this machine ended with ${code}` });
  });
}

async function check() {
  // The architecture test is part of the unit suite.
  const checks = await runChecks({ except: ['architecture'] });
  return counted({ passed: checks.filter(({ ok }) => ok).length, failed: checks.filter(({ ok }) => !ok).length });
}

async function vitest(project, limitMs) {
  const file = join(REPORTS, `${project}.json`);
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
  const code = await node(
    ['node_modules/vitest/vitest.mjs', 'run', '--project', project, ...reporters, ...filters],
    limitMs,
  );
  return sumReport(file, code);
}

/** Tests as vitest counted them; a file that could not be loaded or set up, and a run that crashed, count as failed too. */
function sumReport(file, code) {
  let found;
  try {
    found = JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return counted({ failed: 1, why: `it crashed (${code}) before it could report` });
  }
  const broken = found.testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && assertionResults.every((test) => test.status !== 'failed'),
  );
  const failedTests = found.testResults.flatMap(({ name, assertionResults }) =>
    assertionResults.filter(({ status }) => status === 'failed').map((test) => ({ name, ...test })),
  );
  failures.push(
    ...broken.map(({ name, message }) => ({ name: relative(ROOT, name), why: message })),
    ...failedTests.map(({ name, fullName, failureMessages }) => ({
      name: `${relative(ROOT, name)} > ${fullName}`,
      why: failureMessages.join('\n'),
    })),
  );
  const failed = failedTests.length + broken.length;
  return counted({
    passed: found.numPassedTests,
    failed: failed === 0 && code !== 0 ? 1 : failed,
    skipped: found.numPendingTests + found.numTodoTests,
    ...(failed === 0 && code !== 0 ? { why: `all tests passed, but the run ended with ${code}` } : {}),
  });
}

function counted({ passed = 0, failed = 0, skipped = 0, why }) {
  return { passed, failed, skipped, why };
}

async function timed(name, run) {
  if (interrupted) return;
  console.log(`\n── ${name} ──`);
  const startedAt = performance.now();
  const result = await run();
  results.push({ name, minutes: (performance.now() - startedAt) / MINUTE, ...result });
}

/** Runs Node with its own process group, so that nothing it starts outlives it. Resolves with the exit code or the signal. */
function node(args, limitMs) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, { cwd: ROOT, stdio: ['ignore', 'inherit', 'inherit'], detached: true });
    children.add(child);
    const limit = setTimeout(() => {
      console.error(`Ended after ${limitMs / MINUTE} minutes: it hangs.`);
      endGroup(child);
    }, limitMs);
    const finish = (outcome) => {
      clearTimeout(limit);
      signalGroup(child, 'SIGKILL');
      children.delete(child);
      resolve(outcome);
    };
    child.on('error', (error) => finish(error.message));
    child.on('close', (code, signal) => finish(code ?? signal));
  });
}

function endGroup(child) {
  signalGroup(child, 'SIGTERM');
  setTimeout(() => signalGroup(child, 'SIGKILL'), KILL_AFTER_MS).unref();
}

function signalGroup(child, signal) {
  try {
    process.kill(-child.pid, signal);
  } catch {
    // Already gone.
  }
}

function report() {
  for (const { name, why } of failures) console.log(`\nfailed: ${name}\n${why.slice(0, FAILURE_TEXT_MAX)}`);
  const total = { passed: 0, failed: 0, skipped: 0 };
  console.log('\nsuite         minutes  passed  failed  skipped');
  for (const { name, minutes, passed, failed, skipped, why } of results) {
    for (const [key, count] of Object.entries({ passed, failed, skipped })) total[key] += count;
    const cells = [
      name.padEnd(12),
      minutes.toFixed(1).padStart(8),
      ...[passed, failed, skipped].map((count) => String(count).padStart(7)),
    ];
    console.log(cells.join(' ') + (why === undefined ? '' : `  ${why}`));
  }
  if (interrupted) console.log('Interrupted: not every suite was run.');
  const isGood = total.failed === 0 && total.passed > 0 && !interrupted;
  process.exitCode = isGood ? 0 : 1;
  console.log(`${total.passed} passed, ${total.failed} failed${total.skipped > 0 ? `, ${total.skipped} skipped` : ''}`);
}
