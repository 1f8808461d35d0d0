import { COMPILED_KEY } from '../domain/compiled-code.ts';
import { PLATFORM_NAMES, type PlatformName } from '../domain/store.ts';
import { SECOND } from '../lib/time.ts';
import { stackOf } from '../stacks/index.ts';
import type { Adapters } from './adapters.ts';
import { whyUnavailable } from './availability.ts';
import { compiledPartsOfToday, type Makers, partsOfToday } from './choose-parts.ts';

const LOOK_WITHIN_MS = 30 * SECOND;

/** Compiles for these platforms, as far as they are there, what their next stores mount. A failure is told, no more. */
export async function compileCode(
  platforms: readonly PlatformName[],
  makers: Makers,
  signal: AbortSignal,
  say: (line: string) => void,
): Promise<void> {
  for (const platform of await compilable(platforms, makers)) {
    const tell = (line: string): void => say(`${stackOf(platform).label}: ${line}`);
    await compiledPartsOfToday(platform, makers, signal, tell);
  }
}

async function compilable(platforms: readonly PlatformName[], makers: Makers): Promise<PlatformName[]> {
  const found: PlatformName[] = [];
  for (const platform of platforms) {
    if (stackOf(platform).compiled === null) continue;
    if ((await whyUnavailable(platform, makers)) === undefined) found.push(platform);
  }
  return found;
}

/**
 * Removes what no store and no shop made ahead mounts, that no snapshot is of, and that no store of today would get; once
 * it was found so twice, for a store may be about to be made of it.
 */
export function createCompiledCodeRemoval(
  adapters: Makers & Pick<Adapters, 'repositories' | 'golden'>,
): () => Promise<void> {
  const { repositories, golden, compiledCode } = adapters;
  let unusedBefore: ReadonlySet<string> = new Set();

  async function namesInUse(): Promise<ReadonlySet<string>> {
    // First: whoever is made of one of these from here on is of today.
    const platforms = await compilable(PLATFORM_NAMES, adapters);
    const within = AbortSignal.timeout(LOOK_WITHIN_MS);
    const today = await Promise.all(platforms.map((platform) => partsOfToday(platform, adapters, within)));
    // In this order: one that is claimed in between is a store by then.
    const members = (await repositories.poolMembers.list()).map(({ parts }) => parts);
    const all = [...today, ...members, ...(await repositories.stores.list()), ...(await golden.list())];
    return new Set(all.flatMap((one) => one?.images[COMPILED_KEY] ?? []));
  }

  return async () => {
    const inUse = await namesInUse();
    const unused = (await compiledCode.list()).filter((name) => !inUse.has(name));
    for (const name of unused) if (unusedBefore.has(name)) await compiledCode.remove(name);
    unusedBefore = new Set(unused);
  };
}
