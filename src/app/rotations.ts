import { createDatabaseUsers } from '../adapters/docker/database-users.ts';
import { SECOND } from '../lib/time.ts';
import type { RotationDeps } from '../provisioning/changes/rotating.ts';
import { mountedSecretsOf } from '../provisioning/steps/issue-secrets.ts';
import { stackOf } from '../stacks/index.ts';
import type { Adapters } from './adapters.ts';
import { SECRET_MAKERS } from './secret-makers.ts';
import { createShopOperations } from './shop-operations.ts';
import { storeDatabasesOf } from './store-databases.ts';

/** Requests sign in to the database as they begin; what goes on for longer keeps its connection. */
const GRACE_MS = 10 * SECOND;

/** What gives a shop new passwords, on the real world. */
export function rotationDepsOf(adapters: Adapters): RotationDeps {
  return {
    vault: adapters.vault,
    makers: SECRET_MAKERS,
    secretFiles: adapters.secretFiles,
    mountedSecretsOf: ({ platform }) => mountedSecretsOf(stackOf(platform)),
    database: createDatabaseUsers(storeDatabasesOf(adapters)),
    shop: createShopOperations(adapters),
    graceMs: GRACE_MS,
  };
}
