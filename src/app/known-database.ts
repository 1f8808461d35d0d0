import { join } from 'node:path';
import { createKnownDatabaseFile } from '../adapters/filesystem/known-database-file.ts';
import type { Log } from '../adapters/log/create-log.ts';
import { type Database, type Repositories, readDatabaseIdentity } from '../adapters/mysql/index.ts';
import { operatorName } from '../adapters/process/operator-name.ts';
import type { DatabaseActions } from '../cli/database-actions.ts';
import type { Config } from '../config/config.ts';
import { AppError } from '../domain/errors.ts';
import { strangeDatabaseText } from '../domain/known-database.ts';
import { originOfOperator } from '../domain/origin.ts';
import { createKnownDatabase, createWorkPermit, type KnownDatabase } from '../monitoring/know-database.ts';
import type { Adapters } from './adapters.ts';

/** The database beside what this machine has noted of it, what its engine runs and what its folders hold. */
export function knownDatabaseOf(parts: {
  readonly config: Pick<Config, 'dataDir' | 'instanceId'>;
  readonly database: Database;
  readonly repositories: Pick<Repositories, 'stores' | 'poolMembers'>;
  readonly containers: Pick<Adapters['containers'], 'knownStoreIds'>;
  readonly directories: Pick<Adapters['directories'], 'list'>;
}): KnownDatabase {
  const { config, database, containers, directories } = parts;
  const { stores, poolMembers } = parts.repositories;
  return createKnownDatabase({
    identity: () => readDatabaseIdentity(database),
    memory: createKnownDatabaseFile(join(config.dataDir, 'known-database')),
    inEngine: () => containers.knownStoreIds(config.instanceId),
    inFolders: directories.list,
    // In this order: one that is claimed in between is a store by then.
    rows: async () => [...(await poolMembers.list()), ...(await stores.list())].map(({ id }) => id),
  });
}

/** A worker's question before whatever it does. */
export const workPermitOf = ({ knownDatabase }: Pick<Adapters, 'knownDatabase'>, log: Log): (() => Promise<boolean>) =>
  createWorkPermit({
    database: knownDatabase,
    onStrange: (look) =>
      log.error(
        { stores: look.forgotten.length },
        `${strangeDatabaseText(look)} Nothing is done on it and nothing removed; see: shopctl doctor`,
      ),
    onKnownAgain: () => log.info({}, 'The database is known again; work goes on'),
    now: () => performance.now(),
  });

/** For the edge, to which another database than the one that its routes came from is as good as none. */
export async function refuseAnotherDatabase(knownDatabase: Pick<KnownDatabase, 'isAnother'>): Promise<void> {
  if (!(await knownDatabase.isAnother())) return;
  throw new AppError('database_unavailable', 'This is not the database that this machine has worked with.', {
    retryable: true,
    hint: 'See what to do: shopctl doctor',
  });
}

/** `shopctl database accept` */
export function createDatabaseActions(opened: () => Pick<Adapters, 'knownDatabase' | 'repositories'>): DatabaseActions {
  return {
    lookAtDatabase: () => opened().knownDatabase.look(),
    async acceptDatabase() {
      const { knownDatabase, repositories } = opened();
      const look = await knownDatabase.look();
      if (look.kind === 'known') return look;
      await repositories.audit.append({
        ...originOfOperator(operatorName()),
        action: 'database.accepted',
        target: 'platform',
        details: { forgotten: look.forgotten.length },
        at: new Date(),
      });
      await knownDatabase.remember(look.identity);
      return look;
    },
  };
}
