import type Docker from 'dockerode';
import { engineCall } from '../../src/adapters/docker/docker-client.ts';
import { execInContainer } from '../../src/adapters/docker/exec-in-container.ts';
import { containerOf } from '../../src/domain/names.ts';
import type { Store } from '../../src/domain/store.ts';
import { SECOND } from '../../src/lib/time.ts';
import { median } from '../harness/measure.ts';
import { cpuOfContainer } from './cpu-time.ts';

/** How often it is looked what a look at the counters itself costs. */
const TRIES = 5;
const STATEMENTS = [
  ...['mysql', '--defaults-file=/run/mysqld/health.cnf', '--batch', '--skip-column-names'],
  "--execute=SHOW GLOBAL STATUS LIKE 'Questions'",
];
const COMMANDS = ['redis-cli', 'info', 'stats'];

/** What the containers of a store did meanwhile. */
export interface Work {
  /** Statements that clients sent to the database. */
  readonly statements: number;
  /** Commands that clients sent to the object cache. */
  readonly commands: number;
  /** Milliseconds of processor time. */
  readonly web: number;
  readonly database: number;
  readonly cache: number;
}

/** Does something and tells what the store did meanwhile. */
export type Watch = <T>(act: () => Promise<T>) => Promise<readonly [result: T, work: Work]>;

/**
 * Watches a store by its database's, its cache's and the kernel's own counters; `web` is the container that answers. What a
 * look asks of database and cache is found out first and taken off. What the store does of itself, its clock and its health
 * checks, is in it.
 */
export async function watchWork(docker: Docker, store: Store, web: string): Promise<Watch> {
  const [db, cache] = [containerOf(store, 'db'), containerOf(store, 'cache')];
  const pids = await Promise.all([web, db, cache].map((name) => pidOf(docker, name)));
  const times = () => Promise.all(pids.map((pid) => cpuOfContainer(pid)));
  const counters = async (): Promise<readonly [statements: number, commands: number]> => [
    numberIn(/^Questions\t(\d+)/m, await said(docker, db, STATEMENTS)),
    numberIn(/^total_commands_processed:(\d+)/m, await said(docker, cache, COMMANDS)),
  ];
  const looks = [await counters()];
  while (looks.length <= TRIES) looks.push(await counters());
  const costOf = (at: 0 | 1): number =>
    median(looks.slice(1).map((look, before) => look[at] - (looks[before]?.[at] ?? Number.NaN)));
  const [statementsOfLook, commandsOfLook] = [costOf(0), costOf(1)];

  return async (act) => {
    const [statementsBefore, commandsBefore] = await counters();
    const before = await times();
    const result = await act();
    const after = await times();
    const [statements, commands] = await counters();
    const [webMs, databaseMs, cacheMs] = after.map((ms, at) => ms - (before[at] ?? Number.NaN));
    return [
      result,
      {
        statements: statements - statementsBefore - statementsOfLook,
        commands: commands - commandsBefore - commandsOfLook,
        web: webMs ?? Number.NaN,
        database: databaseMs ?? Number.NaN,
        cache: cacheMs ?? Number.NaN,
      },
    ];
  };
}

async function said(docker: Docker, container: string, argv: readonly string[]): Promise<string> {
  const { output, exitCode } = await execInContainer(docker, container, argv, {
    signal: AbortSignal.timeout(30 * SECOND),
  });
  if (exitCode !== 0) throw new Error(`${argv[0]} in ${container} ended with ${exitCode}: ${output}`);
  return output;
}

function numberIn(pattern: RegExp, text: string): number {
  const found = pattern.exec(text)?.[1];
  if (found === undefined) throw new Error(`There is no ${pattern.source} in: ${text.slice(0, 300)}`);
  return Number(found);
}

async function pidOf(docker: Docker, container: string): Promise<number> {
  const { State } = await engineCall(container, () => docker.getContainer(container).inspect());
  return State.Pid;
}
