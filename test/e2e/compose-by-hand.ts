import { findTools } from '../../src/adapters/docker/engine-tools.ts';
import { runCommand } from '../../src/adapters/process/run-command.ts';
import { directoryOf } from '../../src/domain/names.ts';
import { MINUTE } from '../../src/lib/time.ts';
import type { TestPlatform } from './platform.ts';

/** What an operator does who starts a store without us: Compose makes anew whatever is not as its file says. */
export async function composeByHand({ config }: TestPlatform, store: { readonly id: string }): Promise<void> {
  const { compose = '' } = findTools(config.dataDir);
  const folder = `${config.customersDir}/${directoryOf(store)}`;
  await runCommand({ path: compose }, ['--project-directory', folder, 'up', '--detach', '--no-build'], {
    timeoutMs: 3 * MINUTE,
    env: { DOCKER_HOST: `unix://${config.dockerSocket}` },
  });
}
