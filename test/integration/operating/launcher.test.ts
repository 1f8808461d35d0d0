import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DAY } from '../../../src/lib/time.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
let tree: string;

/** A clone in small: the real launcher, a program of two lines, and of the packages only what a build needs. */
beforeAll(() => {
  tree = mkdtempSync(join(tmpdir(), 'shophosting-tree-'));
  cpSync(join(ROOT, 'bin'), join(tree, 'bin'), { recursive: true });
  mkdirSync(join(tree, 'scripts'));
  cpSync(join(ROOT, 'scripts/packages.mjs'), join(tree, 'scripts/packages.mjs'));
  const { devDependencies } = readJson(join(ROOT, 'package.json'));
  const wanted = { esbuild: devDependencies.esbuild };
  const lock = readJson(join(ROOT, 'package-lock.json'));
  const about = { name: 'small', version: '1.0.0', type: 'module', devDependencies: wanted };
  const packages = Object.entries(lock.packages).filter(([path]) => /^node_modules\/(@esbuild\/|esbuild$)/.test(path));
  writeJson('package.json', about);
  writeJson('package-lock.json', { ...lock, ...about, packages: { '': about, ...Object.fromEntries(packages) } });
  writeSource('shopctl.ts', 'first');
  writeSource('worker.ts', 'worker');
});
afterAll(() => rmSync(tree, { recursive: true, force: true }));

function readJson(path: string) {
  return JSON.parse(readFileSync(path, 'utf8'));
}
const writeJson = (name: string, content: object): void =>
  writeFileSync(join(tree, name), JSON.stringify(content, null, 2));

function writeSource(name: string, word: string): void {
  mkdirSync(join(tree, 'src/bin'), { recursive: true });
  const greeting = `export const greeting: string = '${word}';\n`;
  writeFileSync(join(tree, `src/greeting-of-${name}`), greeting);
  writeFileSync(
    join(tree, 'src/bin', name),
    `import { greeting } from '../greeting-of-${name}';\nconsole.log(greeting, ...process.argv.slice(2));\n`,
  );
}

const launch = (args: string[] = [], env: Record<string, string> = {}) =>
  execa(join(tree, 'bin/shopctl'), args, { reject: false, env });

test('a bare clone installs, builds and runs, telling so on standard error only', async () => {
  const { stdout, stderr, exitCode } = await launch(['up', '--demo', '--no-demo'], { NODE_ENV: 'production' });

  expect({ stdout, exitCode }).toEqual({ stdout: 'first up --demo --no-demo', exitCode: 0 });
  expect(stderr).toMatch(/\[ +\d+ s\] Installing npm packages/);
  expect(stderr).toContain('Built the programs from 4 sources');
});

test('with everything fresh nothing is said, installed or built', async () => {
  const builtAt = statSync(join(tree, 'build/shopctl.js')).mtimeMs;

  const { stdout, stderr } = await launch();

  expect([stdout, stderr]).toEqual(['first', '']);
  expect(statSync(join(tree, 'build/shopctl.js')).mtimeMs).toBe(builtAt);
});

test('launches at the same moment after a change all run the new program, and leave one clean build', async () => {
  writeSource('shopctl.ts', 'second');
  const chunk = (name: string): string => join(tree, 'build/chunks', name);
  writeFileSync(chunk('of-yesterday.js'), '');
  writeFileSync(chunk('of-last-week.js'), '');
  const lastWeek = new Date(Date.now() - 7 * DAY);
  utimesSync(chunk('of-last-week.js'), lastWeek, lastWeek);

  const results = await Promise.all([launch(['a']), launch(['b']), launch(['c'])]);

  expect(results.map(({ stdout }) => stdout)).toEqual(['second a', 'second b', 'second c']);
  expect(results.filter(({ stderr }) => stderr.includes('Built'))).toHaveLength(1);
  expect(readdirSync(join(tree, 'build')).sort()).toEqual([
    'chunks',
    'packages.json',
    'shopctl.js',
    'shopctl.js.map',
    'sources.key',
    'worker.js',
    'worker.js.map',
  ]);
  // A process that runs since yesterday may load its chunk yet.
  expect(readdirSync(join(tree, 'build/chunks'))).toEqual(['of-yesterday.js']);
});

test('sources that do not build are named, and the build that works stays', async () => {
  writeFileSync(join(tree, 'src/greeting-of-shopctl.ts'), 'export const greeting = (;\n');

  const { stderr, exitCode } = await launch();

  expect(exitCode).toBe(1);
  expect(stderr).toContain('src/greeting-of-shopctl.ts:1');
  expect(readFileSync(join(tree, 'build/shopctl.js'), 'utf8')).toContain('second');
});

test('an npm that cannot install is quoted, with what to do', async () => {
  rmSync(join(tree, 'node_modules'), { recursive: true });
  writeJson('package-lock.json', {
    name: 'small',
    version: '1.0.0',
    lockfileVersion: 3,
    packages: { '': {}, 'node_modules/x': { version: '1.0.0' } },
  });

  const { stderr, exitCode } = await launch();

  expect(exitCode).toBe(1);
  expect(stderr).toContain('npm ci ended with exit code');
  expect(stderr).toContain('npm ping');
});

test('a Node that is too old is told which one is needed', async () => {
  const preload = join(tree, 'old-node.cjs');
  writeFileSync(
    preload,
    "Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '18.19.0' } });\n",
  );

  const { stderr, exitCode } = await launch([], { NODE_OPTIONS: `--require ${preload}` });

  expect(exitCode).toBe(1);
  expect(stderr).toContain('shopctl needs Node 20.19 or later; this is 18.19.0');
});
