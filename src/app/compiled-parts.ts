import { join } from 'node:path';
import type { CompiledParts } from '../domain/compiled-code.ts';
import { applicationKey } from '../domain/names.ts';
import type { PlatformName } from '../domain/store.ts';
import type { StackParts } from '../provisioning/steps/render-compose.ts';
import { stackOf } from '../stacks/index.ts';
import type { Adapters } from './adapters.ts';

/** What is compiled for stores made of these images and applications; `undefined` where each container compiles its own. */
export function compiledPartsOf(
  platform: PlatformName,
  made: StackParts['images'],
  { dataDir }: Pick<Adapters['config'], 'dataDir'>,
): CompiledParts | undefined {
  const { compiled, applications } = stackOf(platform);
  const image = compiled === null ? undefined : made[compiled.service];
  if (compiled === null || image === undefined) return undefined;
  const mounts = Object.entries(compiled.applicationsAt).map(([variable, target]) => ({
    source: join(dataDir, 'applications', made[applicationKey(applications[variable] ?? '')] ?? ''),
    target,
  }));
  return { image, mounts };
}
