import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { STEP_NAMES } from '../src/domain/run.ts';

const SRC = fileURLToPath(new URL('../src', import.meta.url));
const MAX_LINES = 400;
/** A table may be long: it is still one idea. */
const TABLES = ['config/settings.ts'];

/**
 * Who may import whom, as values. The longest prefix wins. A file may always import its own folder; `import type` may
 * also go sideways, but never up into `domain` or `lib`, which know nobody.
 */
const FEATURE = ['domain', 'stacks', 'mail', 'lib'];
const ADAPTER = ['domain', 'lib', 'adapters/process', 'adapters/filesystem'];
const LAYERS: Readonly<Record<string, readonly string[]>> = {
  'app.ts': ['*'],
  app: ['*'],
  bin: ['*'],
  lib: [],
  domain: ['lib'],
  config: ['domain', 'lib'],
  stacks: ['domain', 'lib'],
  mail: ['domain', 'lib'],
  provisioning: FEATURE,
  stores: FEATURE,
  accounts: FEATURE,
  domains: FEATURE,
  desk: FEATURE,
  ledger: FEATURE,
  webhooks: FEATURE,
  monitoring: FEATURE,
  operating: FEATURE,
  worker: ['domain', 'lib'],
  cli: ['domain', 'lib'],
  web: ['domain', 'lib'],
  adapters: ADAPTER,
};

/** Packages and modules that only one place may know: swapping the technology then means rewriting one folder. */
const FENCES: Readonly<Record<string, readonly string[]>> = {
  mysql2: ['adapters/mysql'],
  kysely: ['adapters/mysql'],
  bullmq: ['adapters/redis'],
  ioredis: ['adapters/redis'],
  dockerode: ['adapters/docker'],
  execa: ['adapters/process'],
  'node:child_process': ['adapters/process'],
  child_process: ['adapters/process'],
  nodemailer: ['adapters/smtp'],
  jose: ['adapters/crypto'],
  '@node-rs/argon2': ['adapters/crypto'],
  '@zxcvbn-ts/core': ['adapters/crypto'],
  '@zxcvbn-ts/language-common': ['adapters/crypto'],
  otplib: ['adapters/crypto'],
  '@simplewebauthn/server': ['adapters/crypto'],
  '@simplewebauthn/browser': ['web'],
  uqr: ['adapters/crypto'],
  '@peculiar/x509': ['adapters/certificates'],
  hono: ['web'],
  '@hono/node-server': ['web'],
  'rate-limiter-flexible': ['adapters/redis'],
  react: ['web', 'mail'],
  '@react-email/components': ['mail/templates'],
  '@react-email/render': ['mail/templates'],
  commander: ['cli'],
  'cli-table3': ['cli'],
};

/** Texts that may stand only where named. */
const TEXTS: readonly { pattern: RegExp; what: string; allowed: readonly string[] }[] = [
  { pattern: /process\.env\b/, what: 'process.env', allowed: ['config', 'adapters/process'] },
  // They bring React and load with the first mail: `await import` only.
  { pattern: /from '[^']*\/templates\//, what: 'a static import of mail templates', allowed: ['mail/templates'] },
  { pattern: /shell:\s*true/, what: 'shell: true', allowed: [] },
  { pattern: /\b(?:execSync|spawnSync|execFileSync)\(/, what: 'a synchronous child process', allowed: [] },
];

interface Import {
  readonly from: string;
  readonly typeOnly: boolean;
}

interface SourceFile {
  readonly path: string;
  readonly text: string;
  readonly imports: readonly Import[];
}

const files = readSources();
const production = files.filter(({ path }) => !path.endsWith('.test.ts'));

describe('the import rule', () => {
  it('every folder of src has its line in the table', () => {
    const unknown = production.filter(({ path }) => layerOf(path) === undefined).map(({ path }) => path);

    expect(unknown).toEqual([]);
  });

  it('values are imported downward only; types also sideways, never up into domain or lib', () => {
    const broken = production.flatMap(({ path, imports }) =>
      imports
        .filter((found) => found.from.startsWith('.'))
        .map((found) => ({ ...found, target: resolve(path, found.from) }))
        .filter(({ target, typeOnly }) => !mayImport(path, target, typeOnly))
        .map(({ target, typeOnly }) => `${path} → ${target}${typeOnly ? ' (type)' : ''}`),
    );

    expect(broken).toEqual([]);
  });

  it('technologies stay behind their fence', () => {
    const broken = production.flatMap(({ path, imports }) =>
      imports
        .filter(({ typeOnly }) => !typeOnly)
        .filter(({ from }) => FENCES[packageOf(from)]?.every((folder) => !isIn(path, folder)))
        .map(({ from }) => `${path} → ${from}`),
    );

    expect(broken).toEqual([]);
  });

  it('no chain of value imports comes back to where it began', () => {
    expect(cyclesIn(production)).toEqual([]);
  });
});

describe('the house style that a machine can see', () => {
  it.each(TEXTS)('$what stands only where it may', ({ pattern, allowed }) => {
    const broken = production
      .filter(({ path }) => allowed.every((folder) => !isIn(path, folder)))
      .filter(({ text }) => pattern.test(withoutComments(text)))
      .map(({ path }) => path);

    expect(broken).toEqual([]);
  });

  it(`no file is longer than ${MAX_LINES} lines`, () => {
    const long = files
      .filter(({ path }) => !TABLES.includes(path))
      .map(({ path, text }) => ({ path, lines: text.split('\n').length - 1 }))
      .filter(({ lines }) => lines > MAX_LINES)
      .map(({ path, lines }) => `${path}: ${lines}`);

    expect(long).toEqual([]);
  });

  it('tests use fakes, never mocks of our own modules, and none is switched off', () => {
    const tests = [...files, ...readSources('../test')].filter(({ path }) => path.endsWith('.test.ts'));
    const broken = tests
      .filter(({ text }) => /^\s*(?:vi\.mock\(|(?:it|test|describe)\.(?:only|skip|todo)\b)/m.test(text))
      .map(({ path }) => path);

    expect(broken).toEqual([]);
  });
});

it('the ten steps are those of the contract, in its order', () => {
  expect(STEP_NAMES.join(', ')).toBe(
    'create-directory, issue-secrets, render-compose, start-containers, install-application, ' +
      'route-traffic, obtain-certificate, save-credentials, send-welcome-mail, activate',
  );
});

function readSources(folder = '../src'): SourceFile[] {
  const root = fileURLToPath(new URL(folder, import.meta.url));
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => {
      const path = relative(root, join(entry.parentPath, entry.name));
      const text = readFileSync(join(entry.parentPath, entry.name), 'utf8');
      return { path, text, imports: importsIn(text) };
    });
}

function importsIn(text: string): Import[] {
  const found: Import[] = [];
  const code = withoutComments(text);
  for (const [, type, names = '', from = ''] of code.matchAll(
    /^(?:import|export)\s+(type\s+)?([^'";]*?)\s*(?:from\s*)?'([^']+)'/gm,
  )) {
    const named = /^\{([^}]*)\}$/s.exec(names.trim())?.[1];
    const allTypes =
      named !== undefined && named.split(',').every((name) => name.trim() === '' || /^type\s/.test(name.trim()));
    found.push({ from, typeOnly: type !== undefined || (allTypes && named.trim() !== '') });
  }
  for (const [, from = ''] of code.matchAll(/\bimport\(\s*'([^']+)'\s*\)(?!\.)/g))
    found.push({ from, typeOnly: false });
  return found;
}

function withoutComments(text: string): string {
  return text.replaceAll(/\/\*[\s\S]*?\*\//g, '').replaceAll(/(^|\s)\/\/.*$/gm, '$1');
}

function resolve(path: string, from: string): string {
  return relative(SRC, join(SRC, dirname(path), from));
}

function isIn(path: string, folder: string): boolean {
  return folder === '*' || path === folder || path.startsWith(`${folder}/`);
}

/** `adapters/mysql/x.ts` lives in `adapters/mysql`; everything else in its first folder. */
function folderOf(path: string): string {
  const [first = '', second = ''] = path.split('/');
  return first === 'adapters' ? `${first}/${second}` : first;
}

function layerOf(path: string): readonly string[] | undefined {
  const folder = folderOf(path);
  return LAYERS[folder] ?? LAYERS[folder.split('/')[0] ?? ''];
}

function mayImport(path: string, target: string, typeOnly: boolean): boolean {
  if (target.startsWith('..')) return typeOnly || target === '../package.json';
  if (folderOf(path) === folderOf(target)) return true;
  if (typeOnly && folderOf(path) !== 'domain' && folderOf(path) !== 'lib') return true;
  return layerOf(path)?.some((folder) => isIn(target, folder)) ?? false;
}

function packageOf(from: string): string {
  const parts = from.split('/');
  return from.startsWith('@') ? parts.slice(0, 2).join('/') : from.startsWith('node:') ? from : (parts[0] ?? from);
}

/** Depth-first walk; a file met again while it is still on the way is a cycle. */
function cyclesIn(sources: readonly SourceFile[]): string[] {
  const edges = new Map(
    sources.map(({ path, imports }) => [
      path,
      imports.filter(({ from, typeOnly }) => !typeOnly && from.startsWith('.')).map(({ from }) => resolve(path, from)),
    ]),
  );
  const done = new Set<string>();
  const cycles: string[] = [];
  const walk = (path: string, way: readonly string[]): void => {
    if (way.includes(path)) cycles.push([...way.slice(way.indexOf(path)), path].join(' → '));
    if (done.has(path) || way.includes(path)) return;
    for (const next of edges.get(path) ?? []) walk(next, [...way, path]);
    done.add(path);
  };
  for (const path of edges.keys()) walk(path, []);
  return cycles;
}
