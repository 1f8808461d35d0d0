import { type Check, ok, warn } from './check.ts';

const GIB = 1024 ** 3;
/** The image, and what stands beside it while it is made. */
const TO_PREPARE_BYTES = 6 * GIB;
/** Database, search index, media of a new store. */
const PER_STORE_BYTES = GIB;

export interface OnDemandFacts {
  /** Why no store of it can be made here; absent when one can. */
  readonly missing?: { readonly reason: string; readonly fix: string };
  /** Did the operator bring anything of it? A machine that never shall have it is fine without. */
  readonly isAskedFor: boolean;
  /** Memory that one more store may take, by the least plan for it. */
  readonly storeBytes: number;
  readonly freeMemoryBytes: number;
  readonly freeDiskBytes: number;
  /** What images of others may want of the kernel, named by `setting`, and what it is set to. */
  readonly kernel: readonly {
    readonly name: string;
    readonly value: number;
    readonly least: number;
    readonly setting: string;
  }[];
}

/** Whether a platform that is prepared on demand can be offered, and whether there is room for one more store of it. */
export const onDemandCheck = (
  platform: string,
  label: string,
  look: (signal: AbortSignal) => Promise<OnDemandFacts>,
): Check => ({
  name: platform,
  async run(signal) {
    const facts = await look(signal);
    const { missing, freeMemoryBytes, freeDiskBytes, storeBytes, kernel } = facts;
    if (missing !== undefined && !facts.isAskedFor) return ok(`not offered: ${missing.reason} ${missing.fix}`);
    const disk = missing === undefined ? PER_STORE_BYTES : TO_PREPARE_BYTES;
    if (freeDiskBytes < disk) {
      const purpose = missing === undefined ? 'another store' : 'making its image';
      const message = `${gib(freeDiskBytes)} of disk free, ${purpose} takes about ${gib(disk)}.`;
      return warn(message, 'docker image prune --force; docker builder prune --force');
    }
    if (missing !== undefined) return warn(`Not offered: ${missing.reason}`, missing.fix);
    const short = kernel.find(({ value, least }) => value < least);
    if (short !== undefined) {
      const message = `${short.name} is ${short.value}; the image named by ${short.setting} may want ${short.least}.`;
      return warn(message, `sysctl -w ${short.name}=${short.least}`);
    }
    if (freeMemoryBytes < storeBytes) {
      const message = `${gib(freeMemoryBytes)} of memory free, another store may take ${gib(storeBytes)}.`;
      return warn(message, `Add memory, or take no more ${label} stores on this machine.`);
    }
    return ok(`offered; ${gib(freeMemoryBytes)} of memory and ${gib(freeDiskBytes)} of disk free`);
  },
});

const gib = (bytes: number): string => `${(bytes / GIB).toFixed(1)} GiB`;
