import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { findSystemUser } from '../../src/adapters/filesystem/find-system-user.ts';
import { writeFileAtomically } from '../../src/adapters/filesystem/write-file-atomically.ts';
import { askWeb } from '../../src/adapters/http/ask-web.ts';
import { withoutRights } from '../../src/adapters/process/start-program.ts';
import { releasesOf } from '../../src/app/platform.ts';
import { webConfigOf } from '../../src/app/web-config-of.ts';
import { probeUntil } from '../../src/lib/deadline.ts';
import { SECOND } from '../../src/lib/time.ts';
import type { TestPlatform } from '../../test/e2e/platform.ts';

/** The account of the platform's own web processes. */
const WEB_USER = 'shophosting-web';
const CONFIG_MODE = 0o640;
const READY_WITHIN_MS = 30 * SECOND;

export interface WebProcess {
  readonly url: string;
  close(): Promise<void>;
}

/** Another web process on the platform's services, as the platform starts its own, its log in a file. */
export async function startWebProcess(
  platform: TestPlatform,
  { port, concurrency }: { readonly port: number; readonly concurrency: number },
): Promise<WebProcess> {
  const user = await findSystemUser(WEB_USER);
  const file = join(platform.config.dataDir, 'run', 'web', `bench-${port}.json`);
  const config = { ...webConfigOf(platform.config), webPort: port, webConcurrency: concurrency };
  await writeFileAtomically(file, JSON.stringify(config), { mode: CONFIG_MODE, uid: 0, gid: user.gid });
  const release = await releasesOf(platform.config, () => undefined).look();
  const log = await open(join(platform.config.dataDir, 'logs', `bench-${port}.log`), 'a');
  const child = spawn(
    '/usr/bin/setpriv',
    ['--pdeathsig', 'TERM', ...withoutRights(user), '--', release.node, join(release.folder, 'build', 'web.js')],
    {
      cwd: release.folder,
      env: { NODE_ENV: 'production', WEB_CONFIG_FILE: file },
      stdio: ['ignore', log.fd, log.fd],
    },
  );
  const ended = once(child, 'exit');
  await probeUntil(
    async () => {
      if (child.exitCode !== null) throw new Error(`The web process ended with ${child.exitCode}.`);
      const answer = await askWeb(port, '/healthz', AbortSignal.timeout(SECOND)).catch(() => undefined);
      return answer?.status === 200 ? true : undefined;
    },
    { signal: AbortSignal.timeout(READY_WITHIN_MS), firstDelayMs: 50, maxDelayMs: 500 },
  );
  return {
    url: `http://127.0.0.1:${port}`,
    async close() {
      child.kill('SIGTERM');
      await ended;
      await log.close();
    },
  };
}
