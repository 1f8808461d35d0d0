import { expect, test } from 'vitest';
import { aStore } from '../../test/fakes/fake-world.ts';
import { credentialsAsText } from '../web/pages/words/credentials.ts';
import { createCredentialsReader } from './read-credentials.ts';

const store = aStore();

function reader(rows: Readonly<Record<string, string>>) {
  return createCredentialsReader({
    stores: { find: async () => store },
    vault: { read: async (_id, name) => rows[name] },
    audit: { append: async () => undefined },
    adminUrlOf: () => 'https://shop.test/admin/',
    now: () => new Date(0),
  });
}

const ROWS = {
  'admin-credentials': JSON.stringify({ username: 'shopowner', password: 'admin-old', email: 'a@b.example' }),
  'db-password': 'db-old',
};

test('whoever looks while passwords are being changed, or where that has failed, sees both: the shop has one of them', async () => {
  const next = { 'admin-password-next': 'admin-new', 'db-password-next': 'db-new' };
  const shown = credentialsAsText(await reader({ ...ROWS, ...next })(store.id, { actor: 'cus_1' }));

  for (const password of ['admin-old', 'admin-new', 'db-old', 'db-new']) expect(shown).toContain(password);
});

test('nothing is said of a new one where there is none', async () => {
  const shown = await reader(ROWS)(store.id, { actor: 'cus_1' });

  expect(shown.admin).toEqual({
    url: 'https://shop.test/admin/',
    username: 'shopowner',
    password: 'admin-old',
    email: 'a@b.example',
  });
  expect(credentialsAsText(shown)).not.toContain('New one');
});
