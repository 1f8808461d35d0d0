import { makePassword } from '../adapters/crypto/make-password.ts';
import { digestOf, makeToken } from '../adapters/crypto/session-tokens.ts';
import { createDatabasePanels } from '../adapters/docker/database-panels.ts';
import { createDatabaseUsers } from '../adapters/docker/database-users.ts';
import { findSystemUser } from '../adapters/filesystem/find-system-user.ts';
import { MINUTE, SECOND } from '../lib/time.ts';
import { createDatabaseOpenings } from '../stores/database-openings.ts';
import type { Adapters } from './adapters.ts';
import { storeDatabasesOf } from './store-databases.ts';
import { databasesFolderOf, WEB_USER } from './web-config-of.ts';

const PASSWORD_LENGTH = 32;
const PREPARE_WITHIN_MS = 10 * MINUTE;
const WAIT_FOR_TURN_MS = 5 * SECOND;

export type DatabaseOpenings = ReturnType<typeof databaseOpeningsOf>;

/** As `createDatabaseOpenings`, on the real world. `onError` is told what a round could not clear away. */
export function databaseOpeningsOf(adapters: Adapters, onError: (storeId: string, thrown: unknown) => void) {
  const { config, docker, images, repositories, database } = adapters;
  let preparing: Promise<unknown> | undefined;
  return createDatabaseOpenings({
    openings: repositories.databaseOpenings,
    panels: createDatabasePanels({
      docker,
      instanceId: config.instanceId,
      folder: databasesFolderOf(config),
      imageId: (signal) => images.idOf('phpmyadmin', signal),
      webGid: async () => (await findSystemUser(WEB_USER)).gid,
    }),
    guests: createDatabaseUsers(storeDatabasesOf(adapters)),
    stores: repositories.stores,
    /** Few owners ever look, so the image is made for the first who does. */
    async isPrepared() {
      const isHere = await images.idOf('phpmyadmin', AbortSignal.timeout(SECOND)).then(
        () => true,
        () => false,
      );
      if (isHere) return true;
      preparing ??= images
        .prepare(['phpmyadmin'], AbortSignal.timeout(PREPARE_WITHIN_MS))
        .catch((thrown: unknown) => onError('phpmyadmin', thrown))
        .finally(() => (preparing = undefined));
      return false;
    },
    makePassword: () => makePassword(PASSWORD_LENGTH),
    tokens: { make: makeToken, digestOf },
    alone: (storeId, act) =>
      database.withLock(`database-${storeId}`, WAIT_FOR_TURN_MS, AbortSignal.timeout(MINUTE), act),
    onError,
    now: () => new Date(),
  });
}
