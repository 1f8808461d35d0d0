import type { Plan } from './store.ts';

/** What one service of a store may use. */
export interface ServiceLimits {
  readonly memoryBytes: number;
  /** Billionths of a core, as the engine counts them. */
  readonly nanoCpus: number;
}

/** Shares of the plan, in percent. */
export interface Share {
  readonly memoryShare: number;
  readonly cpuShare: number;
}

const MEBIBYTE = 1024 * 1024;
const NANO_PER_MILLI = 1_000_000;
const NANO_PER_CORE = 1000 * NANO_PER_MILLI;
/** The least that an engine accepts. */
const LEAST_CPU_MILLIS = 10;
/** An engine refuses less than 6 MiB; no service of ours does anything below this. */
const LEAST_MEMORY_MB = 16;

/**
 * A service's part of its plan, on a machine with so many cores. CPU is a ceiling, not a reservation: each service may
 * use its share of the plan's. A plan may name more than the machine has, and the engine refuses a ceiling above its
 * cores: all of them is what such a service gets.
 */
export function limitsOf(plan: Pick<Plan, 'memoryMb' | 'cpuMillis'>, share: Share, cores: number): ServiceLimits {
  const memoryMb = Math.max(LEAST_MEMORY_MB, Math.floor((plan.memoryMb * share.memoryShare) / 100));
  const cpuMillis = Math.max(LEAST_CPU_MILLIS, Math.floor((plan.cpuMillis * share.cpuShare) / 100));
  return {
    memoryBytes: memoryMb * MEBIBYTE,
    nanoCpus: Math.min(cpuMillis * NANO_PER_MILLI, cores * NANO_PER_CORE),
  };
}
