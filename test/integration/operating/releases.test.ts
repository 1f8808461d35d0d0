import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFile,
  chmod,
  cp,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  readlink,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createReleases } from '../../../src/adapters/host/releases/releases.ts';
import { packageRoot } from '../../../src/lib/package-root.ts';

let world: string;
let root: string;
let dataDir: string;
const running: ChildProcess[] = [];
const signal = new AbortController().signal;

/** A tree that is built: two packages, one inside the other, and what only developers need. */
beforeEach(async () => {
  world = await mkdtemp(join(tmpdir(), 'shop-releases-'));
  await chmod(world, 0o755);
  root = join(world, 'tree');
  dataDir = join(world, 'data');
  await put('package.json', '{"version":"1.0.0","type":"module"}');
  await put('build/web.js', 'export {};');
  await put('build/web.js.map', '{}');
  await put('build/packages.json', '["outer","not-installed"]');
  await put('stacks/wordpress/compose.yml', 'services: {}');
  await put('bin/shopctl', '#!/usr/bin/env node', 0o700);
  await put('src/secret-plans.ts', '');
  await put('node_modules/outer/package.json', '{"version":"1.0.0","dependencies":{"inner":"2","@types/inner":"2"}}');
  await put('node_modules/outer/index.js', '');
  await put('node_modules/outer/node_modules/inner/package.json', '{"version":"2.0.0"}');
  await put('node_modules/outer/node_modules/inner/index.d.ts', '');
  await put('node_modules/only-for-developers/package.json', '{}');
});
afterEach(async () => {
  for (const child of running.splice(0)) {
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
  await rm(world, { recursive: true, force: true });
});

async function put(path: string, text: string, mode = 0o600): Promise<void> {
  await mkdir(dirname(join(root, path)), { recursive: true, mode: 0o700 });
  await writeFile(join(root, path), text, { mode });
}

const releasesOf = (node = process.execPath) =>
  createReleases({ dataDir, packageRoot: root, node, onProgress: () => undefined });
const inFolder = async (): Promise<string[]> => (await readdir(join(dataDir, 'releases'))).sort();
const linked = (name: string): Promise<string> => readlink(join(dataDir, 'releases', name));

describe('a release', () => {
  test('has what processes need, for everybody to read, and nothing else', async () => {
    const { folder } = await releasesOf().ensure(signal);

    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
    expect(files.map((path) => path.slice(folder.length + 1)).sort()).toEqual([
      'bin/shopctl',
      'build/packages.json',
      'build/web.js',
      'node_modules/outer/index.js',
      'node_modules/outer/node_modules/inner/package.json',
      'node_modules/outer/package.json',
      'package.json',
      'stacks/wordpress/compose.yml',
    ]);
    expect(await readlink(join(folder, 'bin/node'))).toBe(process.execPath);
    for (const entry of entries.filter(({ name }) => name !== 'node')) {
      const { mode } = await stat(join(entry.parentPath, entry.name));
      expect(mode & 0o777).toBe(entry.isDirectory() || entry.name === 'shopctl' ? 0o755 : 0o644);
    }
  });

  test('is made once for the same content, and another one for other content, with the one before kept', async () => {
    const first = await releasesOf().ensure(signal);
    await releasesOf().ensure(signal);
    expect(await inFolder()).toEqual([first.id, 'current'].sort());

    await appendFile(join(root, 'build/web.js'), '// changed');
    const second = await releasesOf().ensure(signal);

    expect(second.id).not.toBe(first.id);
    expect(await Promise.all([linked('current'), linked('previous')])).toEqual([second.id, first.id]);
    expect(await readFile(join(first.folder, 'build/web.js'), 'utf8')).toBe('export {};');
  });

  test('that is neither current nor the one before goes, unless a process runs from it', async () => {
    const made: string[] = [];
    for (const text of ['// 1', '// 2']) {
      await appendFile(join(root, 'build/web.js'), text);
      const { id, folder } = await releasesOf().ensure(signal);
      made.push(id);
      if (text === '// 1') {
        const child = spawn('/usr/bin/sleep', ['infinity'], { cwd: folder, stdio: 'ignore' });
        running.push(child);
        await once(child, 'spawn');
      }
    }
    for (const text of ['// 3', '// 4']) {
      await appendFile(join(root, 'build/web.js'), text);
      made.push((await releasesOf().ensure(signal)).id);
    }

    const [used = '', gone = '', before = '', current = ''] = made;
    expect(await inFolder()).toEqual([used, before, current, 'current', 'previous'].sort());
    expect(await inFolder()).not.toContain(gone);
  });

  test('half-made by a start that was killed is cleared away', async () => {
    await mkdir(join(dataDir, 'releases/.making-0123/build'), { recursive: true });

    const { id } = await releasesOf().ensure(signal);

    expect(await inFolder()).toEqual([id, 'current'].sort());
  });

  test('brings its own Node where others may not run that of this machine', async () => {
    const hidden = join(world, 'hidden');
    await mkdir(hidden, { mode: 0o700 });
    await writeFile(join(hidden, 'node'), '#!/bin/true', { mode: 0o755 });

    const { node } = await releasesOf(join(hidden, 'node')).ensure(signal);

    const facts = await lstat(node);
    expect(facts.isFile()).toBe(true);
    expect(facts.mode & 0o777).toBe(0o755);
  });

  test('made of a tree that is not built is refused with the cure', async () => {
    await rm(join(root, 'build/packages.json'));

    await expect(releasesOf().ensure(signal)).rejects.toMatchObject({
      code: 'configuration_invalid',
      hint: expect.stringContaining('bin/shopctl'),
    });
  });
});

describe('a release of this very tree', () => {
  let real: string;
  beforeAll(async () => {
    real = await mkdtemp(join(tmpdir(), 'shop-release-'));
    await chmod(real, 0o755);
  });
  afterAll(() => rm(real, { recursive: true, force: true }));

  test('is small, and its shopctl runs for everybody without anything else of the tree', async () => {
    // The launcher builds what is missing.
    await run(process.execPath, [join(packageRoot(), 'bin/shopctl'), '--version']);
    const options = { dataDir: real, packageRoot: packageRoot(), node: process.execPath, onProgress: () => undefined };
    const { folder } = await createReleases(options).ensure(signal);
    const moved = join(real, 'elsewhere');
    await cp(folder, moved, { recursive: true });

    const nobody = ['--reuid=65534', '--regid=65534', '--clear-groups', '--', process.execPath];
    const version = await run('/usr/bin/setpriv', [...nobody, join(moved, 'bin/shopctl'), '--version']);

    expect(version.trim()).toMatch(/^\d+\.\d+\.\d+$/);
    expect(await sizeOf(folder)).toBeLessThan(60 * 1024 * 1024);
  });
});

async function run(program: string, args: readonly string[]): Promise<string> {
  const child = spawn(program, [...args], {
    cwd: '/',
    env: { PATH: '/usr/bin:/bin' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let printed = '';
  child.stdout.on('data', (chunk) => (printed += String(chunk)));
  const [code] = (await once(child, 'close')) as [number];
  expect(code).toBe(0);
  return printed;
}

async function sizeOf(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const sizes = entries.map(async (entry) => (await lstat(join(entry.parentPath, entry.name))).size);
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}
