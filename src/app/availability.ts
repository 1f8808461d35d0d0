import { foundationOf } from '../adapters/docker/images/release-lines.ts';
import { acceptsDatabase } from '../domain/accepted-databases.ts';
import { AppError } from '../domain/errors.ts';
import type { PlatformName } from '../domain/store.ts';
import { stackOf } from '../stacks/index.ts';
import type { ImageName, StackService } from '../stacks/stack.ts';
import type { Adapters } from './adapters.ts';

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
  return whyNotPrepared(platform, machine);
}

/** Images that stores of this platform are made of here: those of its services, of the optional ones the wished ones. */
export function imagesOf(platform: PlatformName, { magento }: Pick<Adapters['config'], 'magento'>): ImageName[] {
  const wished: readonly string[] = magento.services;
  const services: [string, StackService][] = Object.entries(stackOf(platform).services);
  const used = services.filter(([name, { isOptional }]) => isOptional === undefined || wished.includes(name));
  return [...new Set(used.map(([, { image }]) => image))];
}

async function whyNotPrepared(platform: PlatformName, machine: Machine): Promise<Unavailable | undefined> {
  const { images, config } = machine;
  const names = imagesOf(platform, config);
  const found = await Promise.all(names.map((name) => images.find(name))).catch((error: unknown) => {
    if (error instanceof AppError && error.code === 'docker_unavailable') return error;
    throw error;
  });
  if (found instanceof AppError) return { reason: found.message, fix: found.hint ?? 'shopctl doctor' };
  const missing = names.filter((_, index) => found[index] === undefined);
  if (missing.length === 0) return undefined;
  const prepare = `shopctl images prepare ${platform}`;
  for (const [name, why] of Object.entries(WHY_MISSING)) {
    if (!missing.some((candidate) => candidate === name) || config.images[name as keyof typeof WHY_MISSING]) continue;
    const reason = await why(machine, `Then: ${prepare}`);
    if (reason !== undefined) return reason;
  }
  return { reason: `its images (${missing.join(', ')}) are not made yet.`, fix: `Make them: ${prepare}` };
}

/** What must be brought before an image can be made here, in the order in which it is asked for. */
const WHY_MISSING = {
  async magento(machine: Machine, then: string): Promise<Unavailable | undefined> {
    const { artifacts, config } = machine;
    const artifact = await artifacts.find('magento');
    if (artifact === undefined) {
      if (config.magento.repositoryKeys !== undefined) return undefined;
      const { reason, fix } = await artifacts.whyMissing('magento');
      return { reason: `its application is ${reason}.`, fix: `${fix} Or name an image in MAGENTO_IMAGE. ${then}` };
    }
    const { line } = foundationOf('mariadb', {});
    if (config.images.mariadb !== undefined || acceptsDatabase(artifact.facts?.databases ?? {}, line)) return undefined;
    return databaseRefused(`Magento ${artifact.version}`, artifact.facts?.databases ?? {}, line);
  },
  async search({ artifacts }: Machine, then: string): Promise<Unavailable | undefined> {
    if ((await artifacts.find('opensearch')) ?? (await artifacts.find('elasticsearch'))) return undefined;
    const { reason, fix } = await artifacts.whyMissing('opensearch');
    return { reason: `its search engine is ${reason}.`, fix: `${fix} Or name an image in SEARCH_IMAGE. ${then}` };
  },
} as const;

/** In one place, because both who offers and who prepares say it. */
export function databaseRefused(
  application: string,
  patterns: Readonly<Record<string, string>>,
  versions: Readonly<Record<string, string>>,
): Unavailable {
  const [server = 'a database', version = 'of an unknown version'] =
    Object.entries(versions).find(([name]) => name === 'mysql' || name === 'mariadb') ?? [];
  return {
    reason: `${application} accepts ${Object.keys(patterns).join(', ')}; what is here is ${server} ${version}.`,
    fix: 'Name an image with one of those in MAGENTO_DB_IMAGE.',
  };
}
