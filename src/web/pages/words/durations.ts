import { momentInWords } from '../../../domain/moment.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../../../lib/time.ts';

/** `0:07`, `1:12`, `1:02:09`: a clock that runs, and what it stood at in the end. */
export function clock(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / SECOND));
  const [hours, minutes, rest] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const tail = String(rest).padStart(2, '0');
  return hours === 0 ? `${minutes}:${tail}` : `${hours}:${String(minutes).padStart(2, '0')}:${tail}`;
}

/** How long a step took: `0.4 s`, `12 s`, `1 min 5 s`. */
export function elapsedInWords(ms: number): string {
  if (ms < 9.95 * SECOND) return `${(Math.max(0, ms) / SECOND).toFixed(1)} s`;
  const seconds = Math.round(ms / SECOND);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** A guess from past medians, no more exact than it is: `a few seconds`, `20 seconds`, `2 minutes`. */
export function guessInWords(ms: number): string {
  if (ms < 5 * SECOND) return 'a few seconds';
  if (ms < 55 * SECOND) return `${Math.ceil(ms / (5 * SECOND)) * 5} seconds`;
  if (ms < 90 * SECOND) return 'a minute';
  if (ms < 90 * MINUTE) return `${Math.round(ms / MINUTE)} minutes`;
  return `${Math.round(ms / HOUR)} hours`;
}

/** How long to wait before trying again; never shorter than it is. */
export function waitInWords(ms: number): string {
  const seconds = Math.max(1, Math.ceil(ms / SECOND));
  if (seconds === 1) return 'one second';
  if (seconds <= 90) return `${seconds} seconds`;
  const minutes = Math.ceil(ms / MINUTE);
  return minutes <= 90 ? `${minutes} minutes` : `${Math.ceil(ms / HOUR)} hours`;
}

/** `just now`, `5 minutes ago`, `3 days ago`. */
export function agoInWords(ms: number): string {
  if (ms < MINUTE) return 'just now';
  const [amount, unit] = ms < HOUR ? [ms / MINUTE, 'minute'] : ms < DAY ? [ms / HOUR, 'hour'] : [ms / DAY, 'day'];
  const whole = Math.floor(amount);
  return `${whole} ${unit}${whole === 1 ? '' : 's'} ago`;
}

/** `any moment`, `in 5 minutes`, `in 12 hours`; rounded up, so that nothing comes later than it was told. */
export function aheadInWords(ms: number): string {
  if (ms <= 0) return 'any moment';
  if (ms <= MINUTE) return 'within a minute';
  const [amount, unit] = ms <= HOUR ? [ms / MINUTE, 'minute'] : ms <= DAY ? [ms / HOUR, 'hour'] : [ms / DAY, 'day'];
  const whole = Math.ceil(amount);
  return `in ${whole} ${unit}${whole === 1 ? '' : 's'}`;
}

/** `25 Nov 2026, 17:26 UTC`. */
export function exactTime(iso: string): string {
  return momentInWords(new Date(iso));
}

/** `25 Nov 2026, 18:26 CET`: where the reader is. In browsers only: a server does not know that place. */
export function localTime(iso: string): string {
  const format = new Intl.DateTimeFormat('en-GB', {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    timeZoneName: 'short',
  });
  return format.format(new Date(iso));
}
