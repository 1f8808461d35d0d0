import { makePassword } from '../adapters/crypto/make-password.ts';
import { digestOf, makeToken } from '../adapters/crypto/session-tokens.ts';
import { createDatabasePanels } from '../adapters/docker/database-panels.ts';
import { createDatabaseUsers } from '../adapters/docker/database-users.ts';
import { findSystemUser } from '../adapters/filesystem/find-system-user.ts';
import { MINUTE, SECOND } from '../lib/time.ts';
import { createDatabaseOpenings } from '../stores/database-openings.ts';
import type { Adapters } from './adapters.ts';
import { createImageOnDemand } from './image-on-demand.ts';
import { storeDatabasesOf } from './store-databases.ts';
import { databasesFolderOf, WEB_USER } from './web-config-of.ts';

const PASSWORD_LENGTH = 32;
const PREPARE_WITHIN_MS = 10 * MINUTE;
const WAIT_FOR_TURN_MS = 5 * SECOND;

export type DatabaseOpenings = ReturnType<typeof databaseOpeningsOf>;

/** phpMyAdmin beside a store, on the real world. */
export const databasePanelsOf = ({ config, docker, images }: Pick<Adapters, 'config' | 'docker' | 'images'>) =>
  createDatabasePanels({
    docker,
    instanceId: config.instanceId,
    folder: databasesFolderOf(config),
    imageId: (signal) => images.idOf('phpmyadmin', signal),
    webGid: async () => (await findSystemUser(WEB_USER)).gid,
  });

/** As `createDatabaseOpenings`, on the real world. Told is what a round could not clear away, and why no image was made. */
export function databaseOpeningsOf(
  adapters: Adapters,
  told: { notCleared(storeId: string, thrown: unknown): void; notMade(thrown: unknown): void },
) {
  const { images, repositories, database } = adapters;
  return createDatabaseOpenings({
    openings: repositories.databaseOpenings,
    panels: databasePanelsOf(adapters),
    guests: createDatabaseUsers(storeDatabasesOf(adapters)),
    stores: repositories.stores,
    /** Few owners ever look, so the image is made for the first who does. */
    isPrepared: createImageOnDemand({
      name: 'phpmyadmin',
      isPrepared: () => images.isPrepared('phpmyadmin'),
      make: () => images.prepare(['phpmyadmin'], AbortSignal.timeout(PREPARE_WITHIN_MS)),
      onFailure: told.notMade,
      now: () => new Date(),
    }),
    makePassword: () => makePassword(PASSWORD_LENGTH),
    tokens: { make: makeToken, digestOf },
    alone: (storeId, act) =>
      database.withLock(`database-${storeId}`, WAIT_FOR_TURN_MS, AbortSignal.timeout(MINUTE), act),
    inTurn: (act) => database.withLock('database-openings', WAIT_FOR_TURN_MS, AbortSignal.timeout(MINUTE), act),
    onError: told.notCleared,
    now: () => new Date(),
  });
}
