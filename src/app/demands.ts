import type { PreparedImage } from '../adapters/docker/images/image-store.ts';
import { foundationOf, RELEASE_LINES } from '../adapters/docker/images/release-lines.ts';
import { acceptsDatabase } from '../domain/accepted-databases.ts';
import { acceptsSearchEngine } from '../domain/accepted-search-engines.ts';
import type { PlatformName } from '../domain/store.ts';
import { stackOf } from '../stacks/index.ts';
import type { ImageName } from '../stacks/stack.ts';
import type { Adapters } from './adapters.ts';
import type { Unavailable } from './availability.ts';
import { archivesInside } from './images-of.ts';

type Machine = Pick<Adapters, 'artifacts' | 'config'>;
type Versions = Readonly<Record<string, string>>;

/**
 * Why a platform's application would not work with what stands beside it here; `undefined` when it would, or as far as
 * it cannot be known yet. `images`: those that are made; the others are judged by what they would be made of.
 */
export async function refusedByDemands(
  platform: PlatformName,
  images: ReadonlyMap<ImageName, PreparedImage | undefined>,
  machine: Machine,
): Promise<Unavailable | undefined> {
  const { demands, label } = stackOf(platform);
  if (demands === null) return undefined;
  const { database, searchEngine } = demands;
  const image = images.get(demands.application);
  const [inside] = await archivesInside(demands.application, machine);
  const accepts = image?.accepts ?? inside?.archive?.facts;
  if (accepts === undefined) {
    if (image?.source !== 'pulled') return undefined;
    return {
      reason: `${image.reference} does not say which databases and search engines it accepts.`,
      fix: 'Give it the label shophosting.image.accepts (docs/reference/images.md).',
    };
  }
  const name = `${label} ${image?.versions[demands.application] ?? inside?.archive?.version ?? ''}`.trim();
  const patterns = accepts.databases ?? {};
  const server = await versionsOf(database, images, machine);
  if (server !== undefined && !acceptsDatabase(patterns, server)) {
    return refusal(
      name,
      Object.keys(patterns),
      nameIn(server, ['mysql', 'mariadb']) ?? 'an unknown database',
      database,
    );
  }
  const engines = accepts.searchEngines ?? [];
  const engine = await versionsOf(searchEngine, images, machine);
  if (engine !== undefined && !acceptsSearchEngine(engines, engine)) {
    const { distribution = 'a search engine', search = 'of an unknown version' } = engine;
    return refusal(name, engines, `${distribution} ${search}`, searchEngine);
  }
  return undefined;
}

/** `undefined` while nobody can know. */
async function versionsOf(
  name: ImageName,
  images: ReadonlyMap<ImageName, PreparedImage | undefined>,
  machine: Machine,
): Promise<Versions | undefined> {
  const image = images.get(name);
  if (image !== undefined) return image.versions;
  if (machine.config.images[name] !== undefined) return undefined;
  const inside = await archivesInside(name, machine);
  if (inside.some(({ archive }) => archive === undefined)) return undefined;
  // As the image will tell: the part is called as the image, and what it is made of is its distribution.
  const told = inside.map(({ archive, name: distribution }) => ({ [name]: archive?.version ?? '', distribution }));
  return Object.assign({ ...foundationOf(name, {}).line }, ...told) as Versions;
}

function nameIn(versions: Versions, parts: readonly string[]): string | undefined {
  const part = parts.find((candidate) => versions[candidate] !== undefined);
  return part === undefined ? undefined : `${part} ${versions[part]}`;
}

const refusal = (application: string, accepted: readonly string[], here: string, image: ImageName): Unavailable => ({
  reason: `${application} accepts ${accepted.join(', ')}; what is here is ${here}.`,
  fix:
    RELEASE_LINES[image].artifacts.length === 0
      ? `Name an image with one of those in ${RELEASE_LINES[image].setting}.`
      : `Bring an archive of one of those, or name an image with one in ${RELEASE_LINES[image].setting}.`,
});
