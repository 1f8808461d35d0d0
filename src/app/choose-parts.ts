import { basename } from 'node:path';
import { COMPILED_KEY } from '../domain/compiled-code.ts';
import { toAppError } from '../domain/errors.ts';
import { goldenKeyOf } from '../domain/golden-snapshot.ts';
import { applicationKey } from '../domain/names.ts';
import type { PlatformName } from '../domain/store.ts';
import type { ChooseParts, StackParts } from '../provisioning/steps/render-compose.ts';
import { stackOf } from '../stacks/index.ts';
import { RECIPE_KEY, recipeOf } from '../stacks/recipe.ts';
import type { Adapters } from './adapters.ts';
import { compiledPartsOf } from './compiled-parts.ts';

/** What stores are made of, and who makes it. */
export type Makers = Pick<Adapters, 'config' | 'images' | 'artifacts' | 'compiledCode' | 'composeFiles'>;

/**
 * What a store of this platform would be made of today, with the code that is compiled of it, as far as there is any, and
 * by which recipe it would be made ahead.
 * Throws `image_missing` or `artifact_missing` with the cure.
 */
export async function partsOfToday(
  platform: PlatformName,
  { config, images, artifacts, compiledCode, composeFiles }: Makers,
  signal: AbortSignal,
): Promise<StackParts> {
  const stack = stackOf(platform);
  const wished = config.optionalServices[platform] ?? [];
  const made: Record<string, string> = {};
  const versions: Record<string, string> = {};
  for (const [service, { image, isOptional }] of Object.entries(stack.services)) {
    if (isOptional && !wished.includes(service)) continue;
    made[service] = await images.idOf(image, signal);
  }
  for (const name of Object.values(stack.applications)) {
    const { path, version } = await artifacts.unpacked(name, signal);
    made[applicationKey(name)] = basename(path);
    versions[name] = version;
  }
  if (stack.ahead !== null) made[RECIPE_KEY] = recipeOf(stack, await composeFiles.templateOf({ platform }));
  const toCompile = compiledPartsOf(platform, made, config);
  const compiled = toCompile && (await compiledCode.find(toCompile));
  return { images: compiled ? { ...made, [COMPILED_KEY]: compiled.name } : made, versions };
}

/**
 * As `partsOfToday`, and what can be compiled of them is compiled by then: some ten seconds for parts that are new. A
 * store does without it where it fails; `log` is told why.
 */
export async function compiledPartsOfToday(
  platform: PlatformName,
  makers: Makers,
  signal: AbortSignal,
  log: (line: string) => void,
): Promise<StackParts> {
  const parts = await partsOfToday(platform, makers, signal);
  const toCompile = compiledPartsOf(platform, parts.images, makers.config);
  if (toCompile === undefined || COMPILED_KEY in parts.images) return parts;
  try {
    const what = `the PHP of ${stackOf(platform).label}`;
    const compiled = await makers.compiledCode.ensure(toCompile, what, signal);
    return compiled ? { ...parts, images: { ...parts.images, [COMPILED_KEY]: compiled.name } } : parts;
  } catch (thrown) {
    signal.throwIfAborted();
    log(`without compiled code: ${toAppError(thrown).message}`);
    return parts;
  }
}

/** A store that took over a shop which was made ahead is made of what that is made of. */
export function createPartsChooser(adapters: Makers & Pick<Adapters, 'repositories'>): ChooseParts {
  return async (store, signal, log) =>
    (await adapters.repositories.poolMembers.partsOf(store.id)) ??
    compiledPartsOfToday(store.platform, adapters, signal, log);
}

/** The key of a snapshot of what a store would be made of today. */
export async function goldenKeyOfToday(platform: PlatformName, adapters: Makers, signal: AbortSignal): Promise<string> {
  return goldenKeyOf(platform, (await partsOfToday(platform, adapters, signal)).images);
}
