import type { CliActions, InstallView } from '../../cli/actions.ts';
import { AppError } from '../../domain/errors.ts';

/** One thing that must be so on an installed machine. */
export interface InstallStep {
  /** A path, an account, a command. */
  readonly what: string;
  /** What would change, line by line; nothing when it is as it should be. Changes nothing itself. */
  look(): Promise<readonly string[]>;
  /** Called only where `look` found something; then `look` finds nothing. */
  apply(signal: AbortSignal): Promise<void>;
}

/**
 * `install`: walks over the steps in order, looks, and puts right what is not as it should be; `dryRun` only looks, and
 * then each step shows what would change at first. May be repeated and interrupted. Throws `not_allowed_now` where
 * there is no systemd, `permission_denied` without root, `already_running` while a `shopctl up` keeps this platform.
 */
export function createInstall(parts: {
  readonly isSystemd: () => boolean;
  readonly ensureRoot: () => void;
  /** Of the folder that is to be installed. */
  readonly isUpRunning: () => Promise<boolean>;
  readonly steps: () => Promise<readonly InstallStep[]>;
}): CliActions['install'] {
  return async ({ dryRun, signal, onProgress }) => {
    if (!parts.isSystemd()) {
      throw new AppError(
        'not_allowed_now',
        'systemd does not run on this machine, so there is nothing to install into.',
        {
          hint: 'Run the platform in the foreground: shopctl up (or shopctl up --detach).',
        },
      );
    }
    parts.ensureRoot();
    if (!dryRun && (await parts.isUpRunning())) {
      throw new AppError(
        'already_running',
        'A shopctl up keeps this platform; units cannot take it over while it runs.',
        {
          hint: 'Stop it first (shops go on): shopctl down',
        },
      );
    }
    const changes: InstallView['changes'][number][] = [];
    for (const step of await parts.steps()) {
      signal.throwIfAborted();
      const lines = await step.look();
      if (lines.length === 0) continue;
      changes.push({ what: step.what, lines });
      if (dryRun) continue;
      onProgress(step.what);
      await step.apply(signal);
    }
    return { dryRun, changes };
  };
}
