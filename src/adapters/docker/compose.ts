import { join } from 'node:path';
import { AppError } from '../../domain/errors.ts';
import { MINUTE } from '../../lib/time.ts';
import { CommandFailedError, runCommand } from '../process/run-command.ts';

const CREATE_TIMEOUT_MS = 2 * MINUTE;

export interface Compose {
  /**
   * Creates the project's networks and containers without starting them. What exists is left alone, whatever has
   * changed in the file since: limits are set by the engine, and a repair recreates nothing.
   */
  create(project: string, directory: string, signal: AbortSignal): Promise<void>;
}

/** Compose as a helper binary of ours, by argument array; its exit code decides, never its prose. */
export function createCompose({ binary, socketPath }: { binary: () => string; socketPath: string }): Compose {
  return {
    async create(project, directory, signal) {
      const args = [
        '--project-name',
        project,
        '--project-directory',
        directory,
        '--file',
        join(directory, 'compose.yml'),
      ];
      try {
        await runCommand(
          { path: binary() },
          [...args, 'up', '--no-start', '--no-recreate', '--no-build', '--quiet-pull'],
          {
            signal,
            timeoutMs: CREATE_TIMEOUT_MS,
            env: { DOCKER_HOST: `unix://${socketPath}` },
          },
        );
      } catch (error) {
        if (
          error instanceof CommandFailedError &&
          /no such image|pull access denied|not found/i.test(error.stderrTail)
        ) {
          throw new AppError('image_missing', `An image of ${project} is not on this machine.`, {
            cause: error,
            logTail: error.stderrTail,
            hint: 'Run: shopctl images prepare, then: shopctl store retry ID',
          });
        }
        throw error;
      }
    },
  };
}
