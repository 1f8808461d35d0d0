import type { PreparedImage } from '../adapters/docker/images/image-store.ts';
import { acceptsDatabase } from '../domain/accepted-databases.ts';
import { AppError } from '../domain/errors.ts';
import { PLATFORM_NAMES, type PlatformName } from '../domain/store.ts';
import { STACKS, stackOf } from '../stacks/index.ts';
import type { ImageName } from '../stacks/stack.ts';
import type { Adapters } from './adapters.ts';
import { databaseRefused, imagesOf } from './availability.ts';

/** Images of every platform that takes no minutes, and what the platform itself runs. */
export function imagesNeeded(): ImageName[] {
  const stacks = Object.values(STACKS).filter(({ preparation }) => preparation === 'at-start');
  const ofStacks = stacks.flatMap((stack) => Object.values(stack.services).map(({ image }) => image));
  return [...new Set<ImageName>(['mysql', 'redis', ...ofStacks])];
}

/**
 * Makes sure of the images of one platform; without one, of those that `up` needs and of every platform, and phpMyAdmin,
 * that was prepared here before. May be interrupted and repeated. Throws as the image store does, and `image_refused` for a database that
 * the application does not accept, before the long work begins.
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
  if (names.has('search')) await obtainSearchEngine(adapters, signal);
  if (names.has('magento')) await assertDatabase(adapters, signal);
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

/** Where no search engine can be had, that too is told first. */
async function obtainSearchEngine(
  { artifacts, config }: Pick<Adapters, 'artifacts' | 'config'>,
  signal: AbortSignal,
): Promise<void> {
  if (config.images.search !== undefined || (await artifacts.find('elasticsearch')) !== undefined) return;
  await artifacts.obtain('opensearch', signal).catch((error: unknown) => {
    if (!(error instanceof AppError) || error.code !== 'artifact_missing') throw error;
    throw new AppError(error.code, error.message, {
      cause: error,
      retryable: true,
      hint: `${error.hint ?? ''} Or name an image in SEARCH_IMAGE.`.trim(),
    });
  });
}

/** The database's image is made in a moment; whether the application takes it is told before minutes are spent. */
async function assertDatabase(
  { images, artifacts, config }: Pick<Adapters, 'images' | 'artifacts' | 'config'>,
  signal: AbortSignal,
): Promise<void> {
  if (config.images.magento !== undefined) return;
  const { version, facts } = await artifacts.obtain('magento', signal);
  const [database] = await images.prepare(['mariadb'], signal);
  const patterns = facts?.databases ?? {};
  const versions = database?.versions ?? {};
  if (acceptsDatabase(patterns, versions)) return;
  const { reason, fix } = databaseRefused(`Magento ${version}`, patterns, versions);
  throw new AppError('image_refused', `The database does not fit: ${reason}`, { hint: fix });
}
