import type { PreparedImage } from '../adapters/docker/images/image-store.ts';
import { RELEASE_LINES } from '../adapters/docker/images/release-lines.ts';
import { AppError } from '../domain/errors.ts';
import type { PlatformName } from '../domain/store.ts';
import { stackOf } from '../stacks/index.ts';
import type { ImageName } from '../stacks/stack.ts';
import type { Adapters } from './adapters.ts';
import { refusedByDemands } from './demands.ts';
import { archivesInside, imagesOf } from './images-of.ts';

/** Why a platform cannot be had on this machine, and what would change that; for operators. */
export interface Unavailable {
  readonly reason: string;
  readonly fix: string;
}

type Machine = Pick<Adapters, 'artifacts' | 'images' | 'config'>;

/**
 * `undefined` when stores of that platform can be made here now. Asks nobody outside, reads no archive that it knows
 * already, and starts nothing: the worker asks every few seconds.
 */
export async function whyUnavailable(platform: PlatformName, machine: Machine): Promise<Unavailable | undefined> {
  const stack = stackOf(platform);
  for (const name of Object.values(stack.applications)) {
    if ((await machine.artifacts.find(name)) !== undefined) continue;
    return {
      reason: `the ${name} archive is not on this machine.`,
      fix: `Put ${name}.zip into ARTIFACTS_DIR (shopctl artifacts add FILE), or allow downloads.wordpress.org.`,
    };
  }
  // What is made at the start is there as long as the platform runs.
  if (stack.preparation === 'at-start') return undefined;
  const names = imagesOf(platform, machine.config);
  const found = await findAll(names, machine);
  if (found instanceof AppError) return { reason: found.message, fix: found.hint ?? 'shopctl doctor' };
  const missing = names.filter((name) => found.get(name) === undefined);
  const prepare = `shopctl images prepare ${platform}`;
  const cause = (await whyNotBrought(missing, machine)) ?? (await refusedByDemands(platform, found, machine));
  if (cause !== undefined) return { reason: cause.reason, fix: `${cause.fix} Then: ${prepare}` };
  if (missing.length === 0) return undefined;
  return { reason: `its images (${missing.join(', ')}) are not made yet.`, fix: `Make them: ${prepare}` };
}

async function findAll(
  names: readonly ImageName[],
  { images }: Machine,
): Promise<ReadonlyMap<ImageName, PreparedImage | undefined> | AppError> {
  try {
    return new Map(await Promise.all(names.map(async (name) => [name, await images.find(name)] as const)));
  } catch (error) {
    if (error instanceof AppError && error.code === 'docker_unavailable') return error;
    throw error;
  }
}

/** The first archive that must be brought before these images can be made here. */
async function whyNotBrought(images: readonly ImageName[], machine: Machine): Promise<Unavailable | undefined> {
  for (const image of images) {
    for (const { name, label, archive } of await archivesInside(image, machine)) {
      const missing = archive === undefined ? await machine.artifacts.whyMissing(name) : undefined;
      if (missing === undefined) continue;
      const { reason, fix } = missing;
      return { reason: `${label} is ${reason}.`, fix: `${fix} Or name an image in ${RELEASE_LINES[image].setting}.` };
    }
  }
  return undefined;
}
