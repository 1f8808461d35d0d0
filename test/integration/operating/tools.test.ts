import { existsSync, lstatSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createEngineInstall } from '../../../src/adapters/docker/engine-install.ts';
import { ensureTools } from '../../../src/adapters/docker/engine-tools.ts';
import { createHost } from '../../../src/adapters/host/host.ts';

let dataDir: string;
beforeAll(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'shophosting-tools-'));
});
afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

const signal = AbortSignal.timeout(110_000);

function bench() {
  const lines: string[] = [];
  const onProgress = (line: string): void => void lines.push(line);
  return { lines, onProgress, host: createHost({ onProgress }) };
}

/** What an apt that adds a source would change. */
const aptSources = (): string[] =>
  ['/etc/apt/sources.list', '/etc/apt/sources.list.d']
    .filter((path) => existsSync(path))
    .flatMap((path) => (lstatSync(path).isDirectory() ? readdirSync(path).map((name) => join(path, name)) : [path]))
    .map((path) => `${path}: ${readFileSync(path, 'utf8')}`);

test('Compose and buildx are had without an apt source or an installation, and the next call finds them', async () => {
  const { host, onProgress, lines } = bench();
  const before = aptSources();

  const tools = await ensureTools({ dataDir, host, onProgress }, signal);
  const said = lines.length;
  await ensureTools({ dataDir, host, onProgress }, signal);

  const { stdout } = await execa(tools.compose, ['version', '--short']);
  expect(Number.parseFloat(stdout.replace(/^v/, ''))).toBeGreaterThanOrEqual(2.2);
  expect(tools.compose).toBe(join(dataDir, 'tools/docker-compose'));
  expect(aptSources()).toEqual(before);
  expect(readdirSync(join(dataDir, 'tools')).filter((name) => name.startsWith('.'))).toEqual([]);
  expect(lines).toHaveLength(said);
});

test('an engine that answers is used as it is', async () => {
  const { host, onProgress, lines } = bench();
  const engine = createEngineInstall({ socketPath: '/var/run/docker.sock', dataDir, host, onProgress });

  const facts = await engine.ensure(signal);

  expect(facts.version).toMatch(/^\d+\./);
  expect(lines).toEqual([]);
});

test('an engine elsewhere that does not answer is not ours to start', async () => {
  const { host, onProgress } = bench();
  const engine = createEngineInstall({ socketPath: join(dataDir, 'no.sock'), dataDir, host, onProgress });

  await expect(engine.ensure(signal)).rejects.toMatchObject({ code: 'docker_unavailable' });
});

test('programs that are there need no apt', async () => {
  const { host, lines } = bench();

  await host.apt.ensurePrograms(['setpriv', 'dpkg-deb'], signal);

  expect(lines).toEqual([]);
});
