import type { Artifact } from '../adapters/artifacts/artifact-store.ts';
import { CATALOGUE } from '../adapters/artifacts/catalogue.ts';
import { RELEASE_LINES } from '../adapters/docker/images/release-lines.ts';
import type { PlatformName } from '../domain/store.ts';
import { stackOf } from '../stacks/index.ts';
import type { ImageName, StackService } from '../stacks/stack.ts';
import type { Adapters } from './adapters.ts';

/** Images that stores of this platform are made of here: those of its services, of the optional ones the wished ones. */
export function imagesOf(
  platform: PlatformName,
  { optionalServices }: Pick<Adapters['config'], 'optionalServices'>,
): ImageName[] {
  const wished = optionalServices[platform] ?? [];
  const services: [string, StackService][] = Object.entries(stackOf(platform).services);
  const used = services.filter(([name, { isOptional }]) => isOptional === undefined || wished.includes(name));
  return [...new Set(used.map(([, { image }]) => image))];
}

/** An archive that goes into an image of ours, as far as this machine has one. */
export interface Inside {
  /** Of several that would do the one that is here, else the one that would be fetched. */
  readonly name: keyof typeof CATALOGUE;
  readonly label: string;
  readonly archive: Artifact | undefined;
}

/** What must be here before an image is made; nothing where one of others is named. */
export async function archivesInside(
  image: ImageName,
  { artifacts, config }: Pick<Adapters, 'artifacts' | 'config'>,
): Promise<Inside[]> {
  if (config.images[image] !== undefined) return [];
  return Promise.all(
    RELEASE_LINES[image].artifacts.map(async ({ names }) => {
      for (const name of names) {
        const archive = await artifacts.find(name);
        if (archive !== undefined) return { name, label: CATALOGUE[name].label, archive };
      }
      return { name: names[0], label: CATALOGUE[names[0]].label, archive: undefined };
    }),
  );
}
