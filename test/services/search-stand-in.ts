import { join } from 'node:path';
import type Docker from 'dockerode';
import { build } from 'esbuild';
import { type ContextFile, contextKey, readContext } from '../../src/adapters/docker/images/build-context.ts';
import { buildImage } from '../../src/adapters/docker/images/build-image.ts';
import { withLock } from '../../src/adapters/host/exclusive-lock.ts';
import { packageRoot } from '../../src/lib/package-root.ts';

const FOLDER = join(packageRoot(), 'test/search-stand-in');
const BASE = 'trixie';

/**
 * The tag of the image that stands in for a search engine, for `SEARCH_IMAGE`. Built where this version of it is not on
 * the engine yet; kept there for the next time. Throws when the base is missing.
 */
export async function searchStandInImage(docker: Docker, signal: AbortSignal): Promise<string> {
  const files = [...(await readContext(FOLDER)).filter(({ path }) => !path.endsWith('.ts')), await program()];
  const key = contextKey({ name: 'search-stand-in', base: BASE, extras: [] }, files);
  const tag = `shophosting-test/search-stand-in:${key}`;
  const isThere = async (): Promise<boolean> => (await docker.listImages({ filters: { reference: [tag] } })).length > 0;
  await withLock(tag, { signal, onWait: () => undefined }, async () => {
    if (await isThere()) return;
    const labels = { 'shophosting.image.contract': '1', 'shophosting.image.stand-in': '1' };
    const buildArgs = { BASE: `shophosting/base:${BASE}` };
    const name = 'search-stand-in';
    await buildImage(docker, { name, files, extras: [], buildArgs, labels, tag, onStep: () => undefined }, signal);
  });
  return tag;
}

/** One file that a plain Node runs. */
async function program(): Promise<ContextFile> {
  const { outputFiles } = await build({
    entryPoints: [join(FOLDER, 'main.ts')],
    bundle: true,
    write: false,
    platform: 'node',
    target: 'node20',
    format: 'esm',
  });
  const content = Buffer.from(outputFiles[0]?.contents ?? '');
  return { path: 'search-stand-in.mjs', mode: 0o644, content };
}
