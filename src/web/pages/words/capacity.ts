import type { DeskCapacity } from '../../services/desk.ts';

const GIB = 1024 ** 3;

interface CapacityText {
  readonly title: string;
  readonly isBytes: boolean;
  /** What makes more of it. */
  readonly more: string;
}

export const CAPACITY_TEXTS = {
  ports: { title: 'Ports', isBytes: false, more: 'PORT_RANGE_MAX' },
  subnets: { title: 'Networks', isBytes: false, more: 'STORE_SUBNETS' },
  uids: { title: 'User ids', isBytes: false, more: 'STORE_UIDS' },
  disk: { title: 'Disk', isBytes: true, more: 'a larger disk' },
  memory: { title: 'Memory', isBytes: true, more: 'more memory' },
} as const satisfies Record<DeskCapacity['resource'], CapacityText>;

/** `12 of 999`, `3.2 of 24 GB`. */
export function usedInWords({ resource, used, size }: DeskCapacity): string {
  if (!CAPACITY_TEXTS[resource].isBytes) return `${number(used)} of ${number(size)}`;
  return `${gigabytes(used)} of ${gigabytes(size)} GB`;
}

/** `about 40 days left at this pace`, `not growing`. */
export function daysLeftInWords({ daysLeft }: DeskCapacity): string {
  if (daysLeft === null) return 'not growing';
  if (daysLeft > 365) return 'more than a year left at this pace';
  if (daysLeft === 0) return 'less than a day left at this pace';
  return `about ${daysLeft} ${daysLeft === 1 ? 'day' : 'days'} left at this pace`;
}

/** From 0 to 1, also of what is overdrawn. */
export function shareUsed({ used, size }: Pick<DeskCapacity, 'used' | 'size'>): number {
  return size <= 0 ? 1 : Math.min(1, Math.max(0, used / size));
}

/** Is it time to make more of it? */
export function isShort(capacity: DeskCapacity): boolean {
  return shareUsed(capacity) >= 0.9 || (capacity.daysLeft !== null && capacity.daysLeft < 14);
}

/** `30.5`: GB, in words of ours 1024 of each to the next. */
export function gigabytes(bytes: number): string {
  return new Intl.NumberFormat('en', { maximumFractionDigits: 1 }).format(bytes / GIB);
}

const number = (value: number): string => new Intl.NumberFormat('en').format(value);
