import { subnetsOverlap } from '../adapters/docker/routed-subnets.ts';
import { readUsedSubnets } from '../adapters/docker/used-subnets.ts';
import { isPortFree } from '../adapters/host/is-port-free.ts';
import type { Pools } from '../adapters/mysql/allocate.ts';
import type { Adapters } from './adapters.ts';
import { boundsOf } from './store-facts.ts';

/** What allocation has to look at besides MySQL: who else uses ports and networks on this machine. */
export async function readPools({ config, docker }: Pick<Adapters, 'config' | 'docker'>): Promise<Pools> {
  const used = await readUsedSubnets(docker);
  return {
    ...boundsOf(config),
    isPortFree,
    isSubnetFree: (subnet) => !used.some((other) => subnetsOverlap(subnet, other)),
  };
}
