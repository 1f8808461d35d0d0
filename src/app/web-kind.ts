import { chmod, chown, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { findSystemUser } from '../adapters/filesystem/find-system-user.ts';
import { writeFileAtomically } from '../adapters/filesystem/write-file-atomically.ts';
import type { Releases } from '../adapters/host/releases/releases.ts';
import { openRotatingLog } from '../adapters/host/rotating-log.ts';
import { askWeb } from '../adapters/http/ask-web.ts';
import { type RunningProgram, startProgram } from '../adapters/process/start-program.ts';
import type { Config } from '../config/config.ts';
import { packageRoot } from '../lib/package-root.ts';
import { MINUTE, SECOND } from '../lib/time.ts';
import type { ProcessKind } from '../operating/platform.ts';
import { webConfigOf, workersFolderOf } from './web-config-of.ts';

/** The account of the web process: it owns nothing. */
const WEB_USER = 'shophosting-web';

const RELEASE_WITHIN_MS = MINUTE;
const ANSWER_WITHIN_MS = 2 * SECOND;
const SHARED_FOLDER_MODE = 0o750;
const CONFIG_MODE = 0o640;

const webConfigFileOf = ({ dataDir }: Pick<Config, 'dataDir'>): string => join(dataDir, 'run', 'web', 'config.json');

/**
 * The web process: one, which forks the others itself. It runs a release as its own account, so that it can neither read
 * nor write what is the platform's, and knows what root has written down for it.
 */
export function webKind({ config, releases }: { readonly config: Config; readonly releases: Releases }): ProcessKind {
  return {
    name: 'web',
    count: 1,
    async start(onLine) {
      if (config.pagesFromSources) return startFromSources(config, onLine);
      const release = await releases.ensure(AbortSignal.timeout(RELEASE_WITHIN_MS));
      const file = await writeWebConfig(config);
      return startProgram({ path: release.node }, [join(release.folder, 'build', 'web.js')], {
        onLine,
        as: await findSystemUser(WEB_USER),
        cwd: release.folder,
        // Libraries run faster with it; what the platform itself is for stands in the file.
        env: { NODE_ENV: 'production', WEB_CONFIG_FILE: file },
      });
    },
    log: openRotatingLog(join(config.dataDir, 'logs', 'web.log')),
    isReady: () =>
      askWeb(config.webPort, '/healthz', AbortSignal.timeout(ANSWER_WITHIN_MS)).then(
        ({ status }) => status === 200,
        () => false,
      ),
  };
}

/** For development: the tree is read by whoever started us, so the process runs as us. */
async function startFromSources(config: Config, onLine: (line: string) => void): Promise<RunningProgram> {
  const env = { NODE_ENV: 'development', WEB_CONFIG_FILE: await writeWebConfig(config) };
  const root = packageRoot();
  return startProgram({ path: process.execPath }, [join(root, 'build', 'web.js')], { onLine, cwd: root, env });
}

/** What web may know, readable by it alone besides root. Returns the file's path. */
export async function writeWebConfig(config: Config): Promise<string> {
  const { gid } = await findSystemUser(WEB_USER);
  const file = webConfigFileOf(config);
  await writeFileAtomically(file, `${JSON.stringify(webConfigOf(config), null, 2)}\n`, {
    mode: CONFIG_MODE,
    uid: 0,
    gid,
  });
  return file;
}

/** Where root and web meet: what web may know, and the workers' sockets. */
export async function layOutWebFolders(config: Config): Promise<void> {
  const { gid } = await findSystemUser(WEB_USER);
  for (const folder of [join(config.dataDir, 'run', 'web'), workersFolderOf(config)]) {
    await mkdir(folder, { recursive: true });
    await chown(folder, 0, gid);
    await chmod(folder, SHARED_FOLDER_MODE);
  }
  await chmod(join(config.dataDir, 'run'), 0o755);
}
