import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { buildPages, PAGES } from './build-pages.mjs';
import { buildPrograms } from './build-programs.mjs';
import { say } from './progress.mjs';
import { ROOT } from './root.mjs';
import { withLock } from './with-lock.mjs';
import { writeInPlace } from './write-in-place.mjs';

const BUILD = join(ROOT, 'build');

/** What is built, from what. Change a recipe when the options of its build change. A tree without pages has none to build. */
const PARTS = [
  {
    name: 'programs',
    recipe: 'esbuild-7',
    keyFile: join(BUILD, 'sources.key'),
    sources: () => listSources('src', (path) => /\.tsx?$/.test(path) && !path.startsWith(`${PAGES}/`)),
    build: buildPrograms,
  },
  {
    name: 'pages',
    recipe: 'vite-2',
    keyFile: join(BUILD, 'pages.key'),
    // Pages are of the layer `web`: what they import as values comes from these folders only.
    sources: () => [
      ...[PAGES, 'public', 'src/domain', 'src/lib'].flatMap((folder) => listSources(folder)),
      ...['react-router.config.ts', 'vite.config.ts', 'src/web/status-of.ts'].map(described),
    ],
    build: buildPages,
  },
].filter(({ name }) => name !== 'pages' || existsSync(join(ROOT, PAGES)));

/**
 * Builds into `build/` what has a changed source: every entry point of `src/bin`, and the pages. Each is renamed into
 * place and its key comes last: two launches at once, or one that is killed, leave a build that works.
 */
export async function ensureBuild() {
  if (PARTS.every(isCurrent)) return;
  await withLock('build', async () => {
    await Promise.all(PARTS.filter((part) => !isCurrent(part)).map(buildPart));
  });
}

const isCurrent = (part) => readKey(part) === keyOf(part, part.sources());

async function buildPart(part) {
  const sources = part.sources();
  const key = keyOf(part, sources);
  const startedAt = Date.now();
  mkdirSync(BUILD, { recursive: true });
  await part.build(sources);
  writeInPlace(part.keyFile, key);
  say(`Built the ${part.name} from ${sources.length} sources in ${Date.now() - startedAt} ms.`);
}

/** Every file under `folder` but tests. */
function listSources(folder, isWanted = () => true) {
  return readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !/\.test\.tsx?$/.test(entry.name))
    .map((entry) => relative(ROOT, join(entry.parentPath ?? entry.path, entry.name)))
    .filter(isWanted)
    .sort()
    .map(described);
}

function described(path) {
  const { mtimeMs, size } = statSync(join(ROOT, path));
  return { path, mtimeMs, size };
}

function keyOf({ recipe }, sources) {
  const hash = createHash('sha256')
    .update(recipe)
    .update(readFileSync(join(ROOT, 'package-lock.json')));
  for (const { path, mtimeMs, size } of sources) hash.update(`\n${path} ${mtimeMs} ${size}`);
  return hash.digest('hex');
}

function readKey({ keyFile }) {
  try {
    return readFileSync(keyFile, 'utf8');
  } catch {
    return undefined;
  }
}
