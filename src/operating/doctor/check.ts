import type { CheckView } from '../../cli/actions.ts';

/** What a check found. `fix` is a command wherever one puts it right. */
export type Finding = Omit<CheckView, 'name'>;

/** One thing that can be wrong. It looks and changes nothing; what it throws counts as a failure with its hint as fix. */
export interface Check {
  readonly name: string;
  readonly run: (signal: AbortSignal) => Promise<Finding>;
}

export const ok = (message: string): Finding => ({ status: 'ok', message, fix: null });
export const warn = (message: string, fix: string | null): Finding => ({ status: 'warn', message, fix });
export const fail = (message: string, fix: string): Finding => ({ status: 'fail', message, fix });

/** The command that brings everything up again, whether an `up` runs now or not. */
export const START_AGAIN = 'shopctl down; shopctl up --detach';

/** A word as a shell takes it; fixes are typed by hand. */
export const quoted = (word: string): string =>
  /^[\w./:@=+-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
