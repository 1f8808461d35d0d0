import type { PreparedImage } from '../adapters/docker/images/image-store.ts';
import { RELEASE_LINES } from '../adapters/docker/images/release-lines.ts';
import { AppError } from '../domain/errors.ts';
import { PLATFORM_NAMES, type PlatformName } from '../domain/store.ts';
import { STACKS, stackOf } from '../stacks/index.ts';
import type { ImageName } from '../stacks/stack.ts';
import type { Adapters } from './adapters.ts';
import { refusedByDemands } from './demands.ts';
import { archivesInside, imagesOf } from './images-of.ts';

/** Images of every platform that takes no minutes, and what the platform itself runs. */
export function imagesNeeded(): ImageName[] {
  const stacks = Object.values(STACKS).filter(({ preparation }) => preparation === 'at-start');
  const ofStacks = stacks.flatMap((stack) => Object.values(stack.services).map(({ image }) => image));
  return [...new Set<ImageName>(['mysql', 'redis', ...ofStacks])];
}

/**
 * Makes sure of the images of one platform; without one, of those that `up` needs and of every platform, and phpMyAdmin,
 * that was prepared here before. May be interrupted and repeated. Throws as the image store does, and `image_refused` where the
 * application does not accept what stands beside it, before the long work begins.
 */
export async function prepareImages(
  adapters: Pick<Adapters, 'images' | 'artifacts' | 'config'>,
  platform: PlatformName | undefined,
  signal: AbortSignal,
): Promise<PreparedImage[]> {
  const { images, config } = adapters;
  const platforms = platform === undefined ? await preparedBefore(adapters) : [platform];
  const names = new Set(platforms.flatMap((name) => imagesOf(name, config)));
  if (platform === undefined) for (const name of imagesNeeded()) names.add(name);
  // Made when the first owner asks, and renewed with the others from then on.
  if (platform === undefined && (await images.isRecorded('phpmyadmin'))) names.add('phpmyadmin');
  for (const name of platforms) await assertDemands(name, adapters, signal);
  return images.prepare([...names], signal);
}

async function preparedBefore({ images, config }: Pick<Adapters, 'images' | 'config'>): Promise<PlatformName[]> {
  const slow = PLATFORM_NAMES.filter((name) => stackOf(name).preparation === 'on-demand');
  const all = await Promise.all(
    slow.map(async (name) => {
      const recorded = await Promise.all(imagesOf(name, config).map((image) => images.isRecorded(image)));
      return recorded.every(Boolean) ? [name] : [];
    }),
  );
  return all.flat();
}

/**
 * Brings the archives that a platform's images are made of, and asks whether the application takes what stands beside
 * it: all that takes a moment, before minutes are spent.
 */
async function assertDemands(
  platform: PlatformName,
  adapters: Pick<Adapters, 'images' | 'artifacts' | 'config'>,
  signal: AbortSignal,
): Promise<void> {
  const { images, config } = adapters;
  const { demands, label } = stackOf(platform);
  if (demands === null) return;
  // The application comes last: it is what may take long to come.
  for (const name of [demands.database, demands.searchEngine, demands.application]) {
    await obtainArchives(name, adapters, signal);
  }
  const { database, searchEngine, application } = demands;
  // The database's image is made in a moment, one of others is pulled; the rest is judged by its archives.
  const quick = [database, ...[searchEngine, application].filter((name) => config.images[name] !== undefined)];
  const prepared = await images.prepare(quick, signal);
  const refused = await refusedByDemands(platform, new Map(prepared.map((image) => [image.name, image])), adapters);
  if (refused === undefined) return;
  throw new AppError('image_refused', `${label} cannot be made here: ${refused.reason}`, { hint: refused.fix });
}

/** Where an archive cannot be had, the setting that would do without it is told too. */
async function obtainArchives(
  image: ImageName,
  adapters: Pick<Adapters, 'artifacts' | 'config'>,
  signal: AbortSignal,
): Promise<void> {
  for (const { name, archive } of await archivesInside(image, adapters)) {
    if (archive !== undefined) continue;
    await adapters.artifacts.obtain(name, signal).catch((error: unknown) => {
      if (!(error instanceof AppError) || error.code !== 'artifact_missing') throw error;
      throw new AppError(error.code, error.message, {
        cause: error,
        retryable: true,
        hint: `${error.hint ?? ''} Or name an image in ${RELEASE_LINES[image].setting}.`.trim(),
      });
    });
  }
}
