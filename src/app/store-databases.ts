import type { DatabaseUsersOptions } from '../adapters/docker/database-users.ts';
import { AppError } from '../domain/errors.ts';
import { stackOf } from '../stacks/index.ts';
import type { Adapters } from './adapters.ts';

/** What a store's database is, and how its own root gets in. Throws `secret_unreadable` where the vault has no password. */
export function storeDatabasesOf({ docker, vault }: Pick<Adapters, 'docker' | 'vault'>): DatabaseUsersOptions {
  return {
    docker,
    async rootPasswordOf({ id }) {
      const password = await vault.read(id, 'db-root-password');
      if (password !== undefined) return password;
      throw new AppError('secret_unreadable', `The database's password of ${id} is not in the vault.`);
    },
    serverOf: ({ platform }) => (stackOf(platform).services.db?.image === 'mariadb' ? 'mariadb' : 'mysql'),
  };
}
