import { z } from 'zod';
import { CAPACITY_RESOURCES, type CapacityReading } from '../domain/capacity.ts';
import { DAY, MINUTE } from '../lib/time.ts';

/** The setting under which a worker keeps how the machine is, for the web process, which may not look. */
const SETTING = 'machine';
/** Workers look several times a minute. */
const OLD_AFTER_MS = 2 * MINUTE;
/** Growth is reckoned over a month; what is older helps nobody. */
const SAMPLES_KEPT_MS = 60 * DAY;

const SERVICE = z.object({ state: z.enum(['up', 'degraded', 'down']), detail: z.string() });
const KEPT = z.object({
  version: z.string(),
  at: z.iso.datetime(),
  services: z.record(z.string(), SERVICE),
  readings: z.array(z.object({ resource: z.enum(CAPACITY_RESOURCES), used: z.number(), size: z.number() })),
  promisedMemoryBytes: z.number(),
});
export type MachineFacts = z.output<typeof KEPT>;

interface MachineKeeperDeps {
  readonly settings: { set(name: string, value: unknown): Promise<void> };
  readonly samples: {
    note(readings: readonly CapacityReading[], day: string): Promise<void>;
    removeBefore(day: string): Promise<void>;
  };
  readonly look: () => Promise<Omit<MachineFacts, 'at'>>;
  readonly now: () => Date;
}

/** Looks how the machine is and writes it down, and how much of what is used today. */
export function createMachineKeeper({ settings, samples, look, now }: MachineKeeperDeps): () => Promise<void> {
  return async () => {
    const facts = await look();
    const at = now();
    await settings.set(SETTING, { ...facts, at: at.toISOString() } satisfies MachineFacts);
    await samples.note(facts.readings, dayOf(at));
    await samples.removeBefore(dayOf(new Date(at.getTime() - SAMPLES_KEPT_MS)));
  };
}

/** What was written down last, and whether that is too long ago to be believed; `undefined` before the first look. */
export async function readMachineFacts(
  settings: { get(name: string): Promise<unknown> },
  now: Date,
): Promise<(MachineFacts & { readonly isOld: boolean }) | undefined> {
  const { data } = KEPT.safeParse(await settings.get(SETTING));
  return data && { ...data, isOld: now.getTime() - Date.parse(data.at) > OLD_AFTER_MS };
}

/** `2026-11-26`, in UTC. */
export const dayOf = (at: Date): string => at.toISOString().slice(0, 10);
