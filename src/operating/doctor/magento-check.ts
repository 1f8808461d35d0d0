import { type Check, ok, warn } from './check.ts';

const GIB = 1024 ** 3;
/** The image, and what stands beside it while it is made. */
const TO_PREPARE_BYTES = 6 * GIB;
/** Database, search index, media of a new store. */
const PER_STORE_BYTES = GIB;
/** What a search engine that maps its index wants of the kernel (docs of OpenSearch and Elasticsearch). */
const LEAST_MAP_COUNT = 262_144;

export interface MagentoFacts {
  /** Why no store of it can be made here; absent when one can. */
  readonly missing?: { readonly reason: string; readonly fix: string };
  /** Did the operator bring anything of it? A machine that never shall have it is fine without. */
  readonly isAskedFor: boolean;
  /** Memory that one more store may take, by the least plan for it. */
  readonly storeBytes: number;
  readonly freeMemoryBytes: number;
  readonly freeDiskBytes: number;
  /** `vm.max_map_count` where somebody else's search engine is used; ours does not map its index. */
  readonly mapCount?: number;
}

/** Whether Magento can be offered, and whether this machine has room for one more store of it. */
export const magentoCheck = (look: (signal: AbortSignal) => Promise<MagentoFacts>): Check => ({
  name: 'magento',
  async run(signal) {
    const facts = await look(signal);
    const { missing, freeMemoryBytes, freeDiskBytes, storeBytes, mapCount } = facts;
    if (missing !== undefined && !facts.isAskedFor) return ok(`not offered: ${missing.reason} ${missing.fix}`);
    const disk = missing === undefined ? PER_STORE_BYTES : TO_PREPARE_BYTES;
    if (freeDiskBytes < disk) {
      const purpose = missing === undefined ? 'another store' : 'making its image';
      const message = `${gib(freeDiskBytes)} of disk free, ${purpose} takes about ${gib(disk)}.`;
      return warn(message, 'docker image prune --force; docker builder prune --force');
    }
    if (missing !== undefined) return warn(`Not offered: ${missing.reason}`, missing.fix);
    if (mapCount !== undefined && mapCount < LEAST_MAP_COUNT) {
      const message = `vm.max_map_count is ${mapCount}; the search engine named by SEARCH_IMAGE may want ${LEAST_MAP_COUNT}.`;
      return warn(message, `sysctl -w vm.max_map_count=${LEAST_MAP_COUNT}`);
    }
    if (freeMemoryBytes < storeBytes) {
      const message = `${gib(freeMemoryBytes)} of memory free, another store may take ${gib(storeBytes)}.`;
      return warn(message, 'Add memory, or take no more Magento stores on this machine.');
    }
    return ok(`offered; ${gib(freeMemoryBytes)} of memory and ${gib(freeDiskBytes)} of disk free`);
  },
});

const gib = (bytes: number): string => `${(bytes / GIB).toFixed(1)} GiB`;
