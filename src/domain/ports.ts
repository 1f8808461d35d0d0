import { AppError } from './errors.ts';

/** The ports that stores may listen on: `start..end` now, growing up to `max`; `reserved` ones are never given out. */
export interface PortRange {
  readonly start: number;
  readonly end: number;
  readonly max: number;
  readonly reserved: readonly number[];
}

export interface PortCandidate {
  readonly port: number;
  /** Where the range ends once this port is given out; greater than before when it had to grow. */
  readonly end: number;
}

/**
 * Every port that may be given out, lowest first; past `end` the range grows by its own first size at a time, up to
 * `max`. The caller takes the first that nobody else on the machine listens on.
 */
export function* freePorts(range: PortRange, taken: ReadonlySet<number>): Generator<PortCandidate> {
  const firstSize = assertRange(range);
  const unusable = new Set([...range.reserved, ...taken]);
  let { end } = range;
  for (let port = range.start; port <= range.max; port += 1) {
    if (port > end) end = Math.min(end + firstSize, range.max);
    if (!unusable.has(port)) yield { port, end };
  }
}

/** The answer when `freePorts` has nothing left. */
export function portsExhausted(range: PortRange): AppError {
  return new AppError('ports_exhausted', `Every port from ${range.start} to ${range.max} is taken.`, {
    hint: 'Raise PORT_RANGE_MAX, or delete stores that are no longer needed.',
  });
}

function assertRange({ start, end, max }: PortRange): number {
  const ports = [start, end, max];
  if (ports.every((port) => Number.isInteger(port) && port >= 1 && port <= 65_535) && start <= end && end <= max) {
    return end - start + 1;
  }
  throw new AppError('configuration_invalid', `The port range ${start} to ${end}, growing to ${max}, is not a range.`, {
    hint: 'Set PORT_RANGE_START ≤ PORT_RANGE_END ≤ PORT_RANGE_MAX, each from 1 to 65535.',
  });
}
