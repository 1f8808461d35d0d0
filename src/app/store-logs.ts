import { readContainerLogs } from '../adapters/docker/container-logs.ts';
import { readShopLogFiles } from '../adapters/docker/shop-log-files.ts';
import type { StoreLogsInput } from '../cli/actions.ts';
import { InvalidInputError } from '../domain/errors.ts';
import { containerOf } from '../domain/names.ts';
import type { Run } from '../domain/run.ts';
import type { Store } from '../domain/store.ts';
import { servicesOf, stackOf } from '../stacks/index.ts';
import type { LogSource } from '../stacks/stack.ts';
import type { Adapters } from './adapters.ts';

const LOG_LINES = 200;

/**
 * What a store's sources of logs hold: what its containers print, and the files that its application writes. Each line
 * carries the name of its source. Throws `invalid_input` for a name that the store has no source of.
 */
export function createStoreLogs(deps: {
  docker: Adapters['docker'];
  latestRun: (storeId: string) => Promise<Run | undefined>;
}) {
  return async (
    store: Store,
    { service: wanted, follow, signal, onLine }: Omit<StoreLogsInput, 'storeId'>,
  ): Promise<void> => {
    const all = sourcesOf(store);
    const sources = wanted === undefined ? all : all.filter(({ name }) => name === wanted);
    if (sources.length === 0) {
      const names = all.map(({ name }) => name).join(', ');
      throw new InvalidInputError('service', `${store.name} has logs of these: ${names}.`);
    }
    if (wanted === undefined) showSteps(await deps.latestRun(store.id), onLine);
    const ended = new AbortController();
    const options = { tail: LOG_LINES, follow, signal: AbortSignal.any([signal, ended.signal]) };
    const reads = Object.keys(servicesOf(store)).flatMap((service) => {
      const container = containerOf(store, service);
      const files = sources.filter((source) => source.kind === 'file').filter((source) => source.service === service);
      const printed = sources.filter((source) => source.kind === 'container' && source.service === service);
      return [
        ...printed.map(({ name }) =>
          readContainerLogs(deps.docker, container, options, (line, at) => onLine({ service: name, at, line })),
        ),
        ...(files.length === 0
          ? []
          : [
              readShopLogFiles(deps.docker, container, files, options, (name, line) =>
                onLine({ service: name, at: null, line }),
              ),
            ]),
      ];
    });
    try {
      await Promise.all(reads);
    } finally {
      // Where one of them fails, the others are not followed for ever.
      ended.abort();
    }
  };
}

/** Those of the services that this store was made with. */
function sourcesOf(store: Store): readonly LogSource[] {
  const services = servicesOf(store);
  return stackOf(store.platform).logSources.filter(({ service }) => services[service] !== undefined);
}

/** What the last run's steps printed comes first: before the containers are there it is all there is. */
function showSteps(run: Run | undefined, onLine: StoreLogsInput['onLine']): void {
  for (const step of run?.steps ?? []) {
    for (const line of step.logTail?.split('\n') ?? []) {
      onLine({ service: step.name, at: step.startedAt?.toISOString() ?? null, line });
    }
  }
}
