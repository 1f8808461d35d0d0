import { toAppError } from '../../domain/errors.ts';
import { type Check, fail, ok, START_AGAIN, warn } from './check.ts';

/** The bell: reachable, keeps what it is given, never drops it for want of memory. Work goes on without it, slower. */
export const redisCheck = (parts: {
  readonly ping: () => Promise<{
    readonly appendOnly: boolean;
    readonly evictionPolicy: string;
    readonly version: string;
  }>;
  readonly managed: boolean;
  readonly host: string;
  readonly port: number;
}): Check => ({
  name: 'redis',
  async run() {
    const address = `${parts.host}:${parts.port}`;
    const set = (name: string, value: string): string =>
      parts.managed ? START_AGAIN : `redis-cli -h ${parts.host} -p ${parts.port} config set ${name} ${value}`;
    try {
      const { appendOnly, evictionPolicy, version } = await parts.ping();
      if (evictionPolicy !== 'noeviction') {
        return fail(
          `Redis may drop jobs: maxmemory-policy is ${evictionPolicy}.`,
          set('maxmemory-policy', 'noeviction'),
        );
      }
      if (!appendOnly) return warn('Redis forgets jobs when it restarts: appendonly is off.', set('appendonly', 'yes'));
      return ok(`${version} at ${address}, AOF on, noeviction`);
    } catch (thrown) {
      const message = `Redis at ${address} does not answer: ${toAppError(thrown).message}. Work goes on, but each job starts seconds later.`;
      return fail(message, parts.managed ? START_AGAIN : 'grep ^REDIS_ .env; shopctl status');
    }
  },
});
