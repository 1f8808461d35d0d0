import { type Check, fail, ok, warn } from './check.ts';

/** What visitors sign up and log in at: does it answer, and can it do its work? Shops do not need it. */
export const webCheck = (parts: {
  readonly ask: (
    path: '/healthz' | '/readyz',
    signal: AbortSignal,
  ) => Promise<{ readonly status: number; readonly state: string | undefined }>;
  readonly port: number;
  readonly isUpRunning: () => Promise<boolean>;
}): Check => ({
  name: 'web',
  async run(signal) {
    const alive = await parts.ask('/healthz', signal).catch(() => undefined);
    if (alive?.status !== 200) {
      const fix = (await parts.isUpRunning()) ? 'shopctl restart web' : 'shopctl up --detach';
      return fail(`No web process answers on port ${parts.port}: nobody can sign up or log in.`, fix);
    }
    const { status, state } = await parts.ask('/readyz', signal);
    if (status === 200 && state === 'ok') return ok(`answers on port ${parts.port}`);
    // What it lacks has a check of its own, with its cure.
    return warn(`Runs, but is ${state ?? 'not ready'}.`, 'shopctl status');
  },
});
