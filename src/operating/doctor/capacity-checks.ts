import { type Check, fail, ok, START_AGAIN, warn } from './check.ts';

const FEW = 10;

export interface Pool {
  readonly name: string;
  readonly size: number;
  readonly used: number;
  /** The setting that makes it larger. */
  readonly setting: string;
}

/** Ports, subnets and user ids that new stores can still get. */
export const poolsCheck = (pools: () => Promise<readonly Pool[]>): Check => ({
  name: 'pools',
  async run() {
    const found = (await pools()).map((pool) => ({ ...pool, left: Math.max(0, pool.size - pool.used) }));
    const shortest = found.toSorted((a, b) => a.left - b.left)[0];
    if (shortest !== undefined && shortest.left < FEW) {
      const fix = `Set ${shortest.setting} to a larger range in .env, then: ${START_AGAIN}`;
      const message = `${shortest.left} ${shortest.name} left of ${shortest.size}.`;
      return shortest.left === 0 ? fail(`${message} No store can be made.`, fix) : warn(message, fix);
    }
    return ok(found.map(({ name, left }) => `${left} ${name} left`).join(', '));
  },
});

/** Which platforms can be offered, and why not the others. */
export const platformsCheck = (
  platforms: (
    signal: AbortSignal,
  ) => Promise<
    readonly { readonly name: string; readonly missing?: { readonly reason: string; readonly fix: string } }[]
  >,
): Check => ({
  name: 'platforms',
  async run(signal) {
    const all = await platforms(signal);
    const missing = all.flatMap(({ name, missing }) => (missing === undefined ? [] : [{ name, ...missing }]));
    const offered = all.filter((platform) => platform.missing === undefined).map(({ name }) => name);
    if (offered.length === 0) return fail('No platform can be offered.', missing[0]?.fix ?? 'shopctl images prepare');
    const [first] = missing;
    if (first === undefined) return ok(`offered: ${offered.join(', ')}`);
    const reasons = missing.map(({ name, reason }) => `${name} is not offered: ${reason}`).join('; ');
    return warn(`Offered: ${offered.join(', ')}. ${reasons}`, first.fix);
  },
});
