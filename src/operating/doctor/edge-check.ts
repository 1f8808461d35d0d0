import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { toAppError } from '../../domain/errors.ts';
import { DAY } from '../../lib/time.ts';
import { type Check, fail, ok, warn } from './check.ts';

/** Our nginx runs and answers on its ports; when not, who holds them. */
export const edgeCheck = (parts: {
  readonly isRunning: () => Promise<{ readonly pid: number } | undefined>;
  /** Throws when a visitor would get nothing. */
  readonly answers: (signal: AbortSignal) => Promise<unknown>;
  readonly isPortFree: (port: number) => Promise<boolean>;
  readonly ports: readonly number[];
}): Check => ({
  name: 'edge',
  async run(signal) {
    const running = await parts.isRunning();
    if (running === undefined) {
      for (const port of parts.ports) {
        if (await parts.isPortFree(port)) continue;
        return fail(
          `The edge does not run, and port ${port} is held by another program.`,
          `ss --listening --tcp --processes --numeric 'sport = :${port}'; then stop that program and: shopctl restart edge`,
        );
      }
      return fail('The edge does not run: no store can be reached.', 'shopctl restart edge');
    }
    try {
      await parts.answers(signal);
    } catch (thrown) {
      return fail(`The edge runs but does not serve: ${toAppError(thrown).message}`, 'shopctl restart edge');
    }
    return ok(`runs (pid ${running.pid}) on ${parts.ports.join(' and ')}`);
  },
});

const RENEW_WITHIN_MS = 30 * DAY;

/** The local CA that browsers of developers trust. */
export const authorityCheck = (caFile: string, now = () => new Date()): Check => ({
  name: 'certificate-authority',
  async run() {
    const pem = await readFile(caFile).catch(() => undefined);
    if (pem === undefined) return fail(`The local CA ${caFile} is not there.`, 'shopctl restart edge');
    const until = new Date(new X509Certificate(pem).validTo);
    if (until.getTime() - now().getTime() > RENEW_WITHIN_MS)
      return ok(`valid until ${until.toISOString().slice(0, 10)}`);
    return warn(
      `The local CA expires on ${until.toISOString().slice(0, 10)}; browsers must import its successor.`,
      'shopctl restart edge',
    );
  },
});
