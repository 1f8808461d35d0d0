import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { createStoreDirectories } from '../../../src/adapters/filesystem/store-directories.ts';
import { createDatabaseActions, knownDatabaseOf, refuseAnotherDatabase } from '../../../src/app/known-database.ts';
import { forEachDatabase, type TestDatabase } from '../../services/for-each-database.ts';
import { aStore } from './fixtures.ts';

forEachDatabase((_, connect) => {
  describe('a machine and its database', () => {
    let root: string;
    let right: TestDatabase;
    let empty: TestDatabase;
    let inEngine: Set<string>;
    beforeEach(async () => {
      root = await mkdtemp(join(tmpdir(), 'known-database-'));
      [right, empty] = [await connect(), await connect()];
      inEngine = new Set();
      return () => rm(root, { recursive: true });
    });

    const knownIn = (test: TestDatabase) =>
      knownDatabaseOf({
        config: { dataDir: root, instanceId: 'test' },
        database: test.as('worker'),
        repositories: test.repositories,
        containers: { knownStoreIds: async () => inEngine },
        directories: createStoreDirectories({ customersDir: root }),
      });

    it('belong together by the note, until an operator says that another one is to be worked with', async () => {
      const { store } = await aStore(right);
      await mkdir(join(root, 'stores', store.id), { recursive: true });
      inEngine.add(store.id);

      const first = await knownIn(right).look();
      expect(first).toMatchObject({ kind: 'new', forgotten: [] });
      expect(await knownIn(empty).look()).toMatchObject({ kind: 'strange', forgotten: [store.id] });
      await knownIn(right).remember(first.identity);
      expect(await knownIn(right).look()).toMatchObject({ kind: 'known' });

      // Of one whose containers are gone, too, the folder tells.
      inEngine.clear();
      const knownDatabase = knownIn(empty);
      expect(await knownDatabase.look()).toMatchObject({ kind: 'strange', forgotten: [store.id] });
      await expect(refuseAnotherDatabase(knownDatabase)).rejects.toMatchObject({ code: 'database_unavailable' });

      const { lookAtDatabase, acceptDatabase } = createDatabaseActions(() => ({
        knownDatabase,
        repositories: empty.repositories,
      }));
      expect(await acceptDatabase()).toMatchObject({ kind: 'strange', forgotten: [store.id] });
      const after = await lookAtDatabase();
      expect(after.kind).toBe('known');
      expect((await readFile(join(root, 'known-database'), 'utf8')).trim()).toBe(after.identity);
      expect(await empty.repositories.audit.list({ limit: 1 })).toMatchObject([
        { action: 'database.accepted', target: 'platform', details: { forgotten: 1 } },
      ]);
      expect(await knownIn(right).look()).toMatchObject({ kind: 'new' });
    });
  });
});
