import { join } from 'node:path';
import { MINUTE } from '../../lib/time.ts';
import { runCommand } from '../process/run-command.ts';

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
      await runCommand(
        { path: binary() },
        [...args, 'up', '--no-start', '--no-recreate', '--no-build', '--quiet-pull'],
        {
          signal,
          timeoutMs: CREATE_TIMEOUT_MS,
          env: { DOCKER_HOST: `unix://${socketPath}` },
        },
      );
    },
  };
}
