import type Docker from 'dockerode';
import { z } from 'zod';
import { AppError } from '../../domain/errors.ts';
import { containerOf } from '../../domain/names.ts';
import type { Store } from '../../domain/store.ts';
import { execInContainer } from './exec-in-container.ts';

const Answer = z.object({ versions: z.record(z.string(), z.string()) });
const TAIL_LINES = 40;
/** `timeout(1)` ended it; `flock(1)` could not get the lock. */
const TIMED_OUT = 124;
const KILLED = 137;

/**
 * Runs a stack's installer in the web container: argv without any text of users, everything else as JSON on standard
 * input. The command takes a lock and a time limit of its own, since a killed worker leaves it running inside.
 */
export function createApplicationInstaller({ docker }: { docker: Docker }) {
  return {
    async run(
      store: Store,
      command: readonly string[],
      input: object,
      signal: AbortSignal,
      log: (line: string) => void,
    ): Promise<Readonly<Record<string, string>>> {
      const { exitCode, output } = await execInContainer(docker, containerOf(store, 'web'), command, {
        signal,
        input: JSON.stringify(input),
        onLine: log,
      });
      const answer = Answer.safeParse(lastJsonOf(output));
      if (exitCode === 0 && answer.success) return answer.data.versions;
      throw new AppError('application_install_failed', `The installer of ${store.id} ${wordsFor(exitCode)}.`, {
        retryable: true,
        logTail: output.trim().split('\n').slice(-TAIL_LINES).join('\n'),
        hint: `Look at its log: shopctl store logs ${store.id}, then: shopctl store retry ${store.id}`,
      });
    },
  };
}

function wordsFor(exitCode: number): string {
  if (exitCode === 0) return 'ended without saying what it installed';
  if (exitCode === TIMED_OUT || exitCode === KILLED) return 'took too long and was ended';
  return `ended with exit code ${exitCode}`;
}

function lastJsonOf(output: string): unknown {
  const line = output.trim().split('\n').at(-1) ?? '';
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
