import { basename } from 'node:path';
import { goldenKeyOf } from '../domain/golden-snapshot.ts';
import { applicationKey } from '../domain/names.ts';
import type { PlatformName } from '../domain/store.ts';
import type { ChooseParts, StackParts } from '../provisioning/steps/render-compose.ts';
import { stackOf } from '../stacks/index.ts';
import type { Adapters } from './adapters.ts';

/** What a store of this platform would be made of today. Throws `image_missing` or `artifact_missing` with the cure. */
export async function partsOfToday(
  platform: PlatformName,
  { config, images, artifacts }: Pick<Adapters, 'config' | 'images' | 'artifacts'>,
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
  return { images: made, versions };
}

/** A store that took over a shop which was made ahead is made of what that is made of. */
export function createPartsChooser(
  adapters: Pick<Adapters, 'config' | 'images' | 'artifacts' | 'repositories'>,
): ChooseParts {
  return async (store, signal) =>
    (await adapters.repositories.poolMembers.partsOf(store.id)) ?? partsOfToday(store.platform, adapters, signal);
}

/** The key of a snapshot of what a store would be made of today. */
export async function goldenKeyOfToday(
  platform: PlatformName,
  adapters: Pick<Adapters, 'config' | 'images' | 'artifacts'>,
  signal: AbortSignal,
): Promise<string> {
  return goldenKeyOf(platform, (await partsOfToday(platform, adapters, signal)).images);
}
