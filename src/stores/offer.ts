import { z } from 'zod';
import { planWithoutWish } from '../domain/plans.ts';
import { PLATFORM_NAMES, type Plan, type PlatformName } from '../domain/store.ts';
import { MINUTE } from '../lib/time.ts';
import { stackOf } from '../stacks/index.ts';
import type { Offer } from '../web/services.ts';
import { type UsualDurations, usualTotalOf } from './usual-durations.ts';

/** The setting under which the worker keeps what can be had, for the web process, which cannot look itself. */
const SETTING = 'offer';

/** The worker writes every few seconds. */
const SILENT_AFTER_MS = MINUTE;

const STILL_STARTING = 'The platform is just starting. Please come back in a minute.';
const FULL = 'Every place is taken at the moment. We are making room; please come back later.';
const CLOSED = 'We take no new shops at the moment. Please come back later.';
const NOT_HERE = 'Not offered here at the moment.';

const KEPT = z.object({
  unavailable: z.record(z.string(), z.string()),
  closed: z.string().nullable(),
  lanes: z.int(),
  /** When it was written, ms since the epoch: an old one tells what was, not how soon somebody works. */
  writtenAt: z.number(),
  usual: z.record(z.string(), z.record(z.string(), z.number())),
});
export type KeptOffer = z.output<typeof KEPT>;

export interface OfferKeeperDeps {
  readonly settings: { get(name: string): Promise<unknown>; set(name: string, value: unknown): Promise<void> };
  readonly isOpen: boolean;
  /** Whether a platform can be had on this machine; the reason is for operators and is told by `doctor`. */
  readonly isAvailable: (platform: PlatformName) => Promise<boolean>;
  /** Room on disk, and ports, networks and user ids left. */
  readonly hasRoom: () => Promise<boolean>;
  /** How many runs are worked on at the same time, by all workers that live. */
  readonly lanes: () => Promise<number>;
  /** Of the last stores of that platform; empty when there are none. */
  readonly usualDurations: (platform: PlatformName) => Promise<UsualDurations>;
  readonly now: () => number;
}

/**
 * Looks what can be had and writes it down. What steps usually take is kept when the stores it was learned from are
 * gone.
 */
export function createOfferKeeper(deps: OfferKeeperDeps): () => Promise<void> {
  return async () => {
    const before = readKept(await deps.settings.get(SETTING));
    const unavailable: Record<string, string> = {};
    const usual: Record<string, UsualDurations> = { ...before?.usual };
    for (const platform of PLATFORM_NAMES) {
      if (!(await deps.isAvailable(platform))) unavailable[platform] = NOT_HERE;
      const learned = await deps.usualDurations(platform);
      if (usualTotalOf(learned) !== null) usual[platform] = learned;
    }
    const closed = deps.isOpen ? ((await deps.hasRoom()) ? null : FULL) : CLOSED;
    const offer: KeptOffer = { unavailable, closed, lanes: await deps.lanes(), usual, writtenAt: deps.now() };
    await deps.settings.set(SETTING, offer);
  };
}

export interface OfferReader {
  /** What the worker wrote last; before its first word nothing can be had, and the reason says so. */
  kept(): Promise<KeptOffer>;
  offer(): Promise<Offer>;
}

/** Reads the kept offer at most once in `freshMs`; many pages ask for it. */
export function createOfferReader(deps: {
  readonly settings: { get(name: string): Promise<unknown> };
  readonly plans: { list(): Promise<readonly Plan[]> };
  /** Set while operators take no new shops: what they say to visitors, empty where they leave it to us. */
  readonly closedByOperators: () => Promise<string | null>;
  readonly freshMs: number;
  readonly now: () => number;
}): OfferReader {
  let known: { readonly at: number; readonly value: Promise<KeptOffer> } | undefined;

  function kept(): Promise<KeptOffer> {
    if (known !== undefined && deps.now() - known.at < deps.freshMs) return known.value;
    const value = deps.settings.get(SETTING).then((found) => {
      const offer = readKept(found) ?? nothingYet();
      // Nobody has written for a while: no worker lives, and how long that lasts cannot be told.
      return deps.now() - offer.writtenAt > SILENT_AFTER_MS ? { ...offer, lanes: 0 } : offer;
    });
    const mine = { at: deps.now(), value };
    known = mine;
    value.catch(() => {
      if (known === mine) known = undefined;
    });
    return value;
  }

  return {
    kept,
    async offer() {
      const [{ unavailable, closed, usual }, plans, said] = await Promise.all([
        kept(),
        deps.plans.list(),
        deps.closedByOperators(),
      ]);
      return {
        plans,
        closed: said === null ? closed : said === '' ? CLOSED : said,
        platforms: PLATFORM_NAMES.map((name) => {
          const { leastMemoryMb } = stackOf(name);
          // Without a plan that is large enough nobody could have one.
          const noPlan = planWithoutWish(plans, leastMemoryMb) === undefined ? NOT_HERE : null;
          const usuallyMs = usualTotalOf(usual[name] ?? {});
          return { name, unavailable: unavailable[name] ?? noPlan, usuallyMs, leastMemoryMb };
        }),
      };
    },
  };
}

function readKept(found: unknown): KeptOffer | undefined {
  const parsed = KEPT.safeParse(found);
  return parsed.success ? parsed.data : undefined;
}

function nothingYet(): KeptOffer {
  const unavailable = Object.fromEntries(PLATFORM_NAMES.map((name) => [name, STILL_STARTING]));
  return { unavailable, closed: STILL_STARTING, lanes: 0, usual: {}, writtenAt: 0 };
}
