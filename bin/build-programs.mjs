import { mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { ROOT } from './root.mjs';
import { writeInPlace } from './write-in-place.mjs';

const BUILD = join(ROOT, 'build');
const CHUNKS = join(BUILD, 'chunks');
/**
 * Packages of hundreds of small files, none of them native: read one by one they cost every command half a second of
 * CPU, bundled in they do not. All others are loaded from node_modules.
 */
const INLINED = [
  '@peculiar/x509',
  '@simplewebauthn/server',
  'bullmq',
  'commander',
  'dockerode',
  'execa',
  'ioredis',
  'jose',
  'kysely',
  'mysql2',
  'tldts',
  'yaml',
  'zod',
];
/** What dockerode loads for engines behind SSH and sessions of BuildKit. Ours is a socket on this machine: never called. */
const UNCALLED = /^(?:ssh2|@grpc\/(?:grpc-js|proto-loader))$/;
/** A process of an earlier build may load a chunk of it long after a newer build is there. */
const KEEP_OLD_CHUNKS_MS = 24 * 60 * 60 * 1000;
/** Bundled CommonJS still asks for Node's own modules by `require`. */
const BANNER =
  "import { createRequire as makeRequire } from 'node:module'; const require = makeRequire(import.meta.url);";

/**
 * Bundles every entry point of `src/bin` into `build/`. Each file is renamed into place, chunks before what imports
 * them: one that is killed leaves programs that work.
 */
export async function buildPrograms(sources) {
  const files = await bundle(sources);
  mkdirSync(CHUNKS, { recursive: true });
  for (const { path, contents } of files) writeInPlace(path, contents);
  removeOldChunks(new Set(files.map(({ path }) => basename(path))));
}

async function bundle(sources) {
  const { build } = await import('esbuild');
  const { dependencies = {} } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  const options = {
    absWorkingDir: ROOT,
    entryPoints: sources.map(({ path }) => path).filter((path) => /^src\/bin\/[^/]+\.ts$/.test(path)),
    outdir: BUILD,
    write: false,
    metafile: true,
    bundle: true,
    platform: 'node',
    format: 'esm',
    // What is imported on demand (React, for mail) lies in files of its own, and costs only who needs it.
    splitting: true,
    chunkNames: 'chunks/[name]-[hash]',
    define: { 'process.env.NODE_ENV': '"production"' },
    target: 'node20',
    external: [...Object.keys(dependencies).filter((name) => !INLINED.includes(name)), 'msgpackr-extract'],
    plugins: [withoutUncalled],
    banner: { js: BANNER },
    sourcemap: 'linked',
    logLevel: 'silent',
  };
  try {
    const { outputFiles, metafile } = await build(options);
    const isChunk = ({ path }) => dirname(path) === CHUNKS;
    return [
      ...outputFiles.filter(isChunk),
      ...outputFiles.filter((file) => !isChunk(file)),
      { path: join(BUILD, 'packages.json'), contents: JSON.stringify(packagesLeftOut(metafile)) },
    ];
  } catch (error) {
    throw new Error(`the sources do not build:\n${error.message}`, { cause: error });
  }
}

const withoutUncalled = {
  name: 'without what is never called',
  setup(build) {
    build.onResolve({ filter: UNCALLED }, ({ path }) => ({ path, namespace: 'uncalled' }));
    build.onLoad({ filter: /.*/, namespace: 'uncalled' }, () => ({ contents: 'module.exports = {};' }));
  },
};

/** What the bundles still load from node_modules: a release needs these packages and no others. */
function packagesLeftOut({ outputs }) {
  const imports = Object.values(outputs).flatMap((output) => output.imports.filter(({ external }) => external));
  const packages = imports
    .map(({ path }) => path)
    .filter((path) => !isBuiltin(path))
    .map((path) =>
      path
        .split('/')
        .slice(0, path.startsWith('@') ? 2 : 1)
        .join('/'),
    );
  return [...new Set(packages)].sort();
}

function removeOldChunks(current) {
  for (const name of readdirSync(CHUNKS)) {
    const path = join(CHUNKS, name);
    if (current.has(name) || Date.now() - statSync(path).mtimeMs < KEEP_OLD_CHUNKS_MS) continue;
    rmSync(path, { force: true });
  }
}
