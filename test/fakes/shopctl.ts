import type { CliActions } from '../../src/cli/actions.ts';
import { runCli } from '../../src/cli/run-cli.ts';
import { STEP_NAMES } from '../../src/domain/run.ts';
import type { StoreView } from '../../src/stores/present-store.ts';

export const AT = '2026-11-23T10:00:00.000Z';

export function aView(changes: Partial<StoreView> = {}): StoreView {
  return {
    id: 'sto_01abc',
    name: 'demo',
    title: 'Demo',
    platform: 'wordpress',
    status: 'active',
    health: 'healthy',
    url: 'https://demo.localhost:8443/',
    adminUrl: 'https://demo.localhost:8443/wp-admin/',
    domain: 'demo.localhost',
    port: 8001,
    plan: 'starter',
    customerId: 'cus_01abc',
    versions: {},
    createdAt: AT,
    activeAt: AT,
    run: null,
    error: null,
    ...changes,
  };
}

/** The store after `count` of its ten steps. */
export function walk(count: number, status?: StoreView['status']): StoreView {
  const steps = STEP_NAMES.map((name, at) => ({
    name,
    title: `Title of ${name}`,
    status: at < count ? ('done' as const) : at === count ? ('running' as const) : ('waiting' as const),
    startedAt: AT,
    finishedAt: AT,
    elapsedMs: 1000,
  }));
  return aView({
    status: status ?? (count === 0 ? 'pending' : count < 10 ? 'provisioning' : 'active'),
    run: { id: 'run_1', kind: 'provision', status: 'running', attempt: 1, error: null, step: null, steps },
  });
}

/** Runs one line with the given actions; any action not given throws, so a command can only do what it is meant to. */
export async function shopctl(
  line: readonly string[],
  actions: Partial<CliActions> = {},
  world: { answer?: string; terminal?: boolean; interrupt?: AbortSignal } = {},
) {
  const out: string[] = [];
  const err: string[] = [];
  let opened = 0;
  let closed = 0;
  const { answer } = world;
  const code = await runCli({
    argv: line,
    version: '1.2.3',
    io: {
      out: (text) => out.push(text),
      err: (text) => err.push(text),
      isTerminal: world.terminal ?? false,
      mayColor: false,
      ...(answer === undefined ? {} : { ask: async () => answer }),
      readStdin: async () => 'from stdin\n',
      interrupt: world.interrupt ?? new AbortController().signal,
    },
    openActions: async () => {
      opened += 1;
      return new Proxy(
        { ...actions, close: async () => void (closed += 1) } as CliActions & { close(): Promise<void> },
        {
          get: (target, name) =>
            Reflect.get(target, name) ??
            (name === 'then' ? undefined : () => Promise.reject(new Error(`${String(name)} was not expected`))),
        },
      );
    },
  });
  const stdout = out.join('\n');
  return {
    code,
    stdout,
    stderr: err.join('\n'),
    json: () => JSON.parse(stdout) as Record<string, unknown>,
    opened,
    closed,
  };
}
