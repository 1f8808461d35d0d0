import { type Check, fail, ok, quoted, warn } from './check.ts';

interface Space {
  readonly freeBytes: number;
  readonly freeInodes: number;
  readonly totalInodes: number;
}

const GIB = 1024 ** 3;
/** A store takes a few hundred megabytes; below this the next one may not fit. */
const LEAST_BYTES = 2 * GIB;
const FEW_BYTES = 10 * GIB;
const LEAST_INODE_SHARE = 0.02;

/** Space and inodes under each folder the platform writes to. */
export const diskCheck = (folders: readonly string[], spaceOf: (folder: string) => Promise<Space>): Check => ({
  name: 'disk',
  async run() {
    const found = await Promise.all(folders.map(async (folder) => ({ folder, ...(await spaceOf(folder)) })));
    const fix = (folder: string): string =>
      `du -xh --max-depth=2 ${quoted(folder)} | sort -h | tail -20; docker image prune --force`;
    const full = found.find(({ freeBytes }) => freeBytes < LEAST_BYTES);
    if (full) return fail(`Only ${gib(full.freeBytes)} free under ${full.folder}.`, fix(full.folder));
    const noInodes = found.find(
      (each) => each.totalInodes > 0 && each.freeInodes / each.totalInodes < LEAST_INODE_SHARE,
    );
    if (noInodes)
      return fail(`Hardly any inodes left under ${noInodes.folder} (${noInodes.freeInodes}).`, fix(noInodes.folder));
    const low = found.find(({ freeBytes }) => freeBytes < FEW_BYTES);
    if (low) return warn(`${gib(low.freeBytes)} free under ${low.folder}.`, fix(low.folder));
    return ok(found.map(({ folder, freeBytes }) => `${gib(freeBytes)} free under ${folder}`).join(', '));
  },
});

const gib = (bytes: number): string => `${(bytes / GIB).toFixed(1)} GiB`;
