import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { askWeb } from '../../src/adapters/http/ask-web.ts';
import type { DatabaseAddress } from '../../src/adapters/mysql/connection-options.ts';
import { probeUntil } from '../../src/lib/deadline.ts';
import { SECOND } from '../../src/lib/time.ts';
import type { Statement } from './record-statements.ts';

const GUNICORN = '/usr/bin/gunicorn';
const FOLDER = fileURLToPath(new URL('.', import.meta.url));
/** A worker that keeps its visitors’ lines, which the plain kind does not: each visitor would have to come anew. */
const KEEPING_LINES = ['--worker-class', 'gthread', '--threads', '8', '--keep-alive', '75'];
const READY_WITHIN_MS = 30 * SECOND;
/** A file with a password in it. */
const PLAN_MODE = 0o600;

/** What `status.py` is started with. */
export interface FlaskPlan {
  readonly cookie: string;
  readonly database: DatabaseAddress;
  readonly statements: Readonly<Record<'session' | 'store' | 'run', Statement>>;
}

export interface FlaskServer {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Flask below gunicorn, as Debian packs them, with so many workers of the kind that gunicorn takes by itself. Resolves
 * when it answers; throws where the packages are not there.
 */
export async function startFlask(
  plan: FlaskPlan,
  { port, workers, folder }: { readonly port: number; readonly workers: number; readonly folder: string },
): Promise<FlaskServer> {
  const file = join(folder, 'flask.json');
  await writeFile(file, JSON.stringify(plan), { mode: PLAN_MODE });
  const args = [
    '--workers',
    String(workers),
    ...KEEPING_LINES,
    '--bind',
    `127.0.0.1:${port}`,
    '--chdir',
    FOLDER,
    'status:app',
  ];
  const child = spawn(GUNICORN, args, {
    env: { STATUS_PLAN: file, PYTHONDONTWRITEBYTECODE: '1' },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const ended = once(child, 'exit');
  // Of a program that is not there; `probeUntil` says that nobody answers.
  ended.catch(() => undefined);
  await probeUntil(
    async () => {
      if (child.exitCode !== null) throw new Error(`gunicorn ended with ${child.exitCode}.`);
      const answer = await askWeb(port, '/healthz', AbortSignal.timeout(SECOND)).catch(() => undefined);
      return answer === undefined ? undefined : true;
    },
    { signal: AbortSignal.timeout(READY_WITHIN_MS), firstDelayMs: 50, maxDelayMs: 500 },
  );
  return {
    url: `http://127.0.0.1:${port}`,
    async close() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}
