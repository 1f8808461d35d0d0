import type { Plan } from '../../../domain/store.ts';

/** `€9`, `€9.50`; what a month costs. */
export function monthlyPrice({ priceCents }: Pick<Plan, 'priceCents'>): string {
  const digits = priceCents % 100 === 0 ? 0 : 2;
  return new Intl.NumberFormat('en', {
    style: 'currency',
    currency: 'EUR',
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  }).format(priceCents / 100);
}

/** `1 GB memory, 5 GB storage`. */
export function planLimits({ memoryMb, diskMb }: Pick<Plan, 'memoryMb' | 'diskMb'>): string {
  return `${gigabytes(memoryMb)} memory, ${gigabytes(diskMb)} storage`;
}

/** `Starter`. */
export function planTitle({ name }: Pick<Plan, 'name'>): string {
  return `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
}

function gigabytes(mb: number): string {
  return `${new Intl.NumberFormat('en', { maximumFractionDigits: 1 }).format(mb / 1024)} GB`;
}
