import { expect, test } from 'vitest';
import { aStore } from '../../test/fakes/fake-world.ts';
import type { MailRoom } from '../domain/store-mail.ts';
import { createStoreMailCollector } from './collect-store-mail.ts';

/** Two shops, of which one writes without end. */
function bench(room: MailRoom, broken?: string) {
  const [busy, calm] = [
    { ...aStore(), id: 'sto_busy' },
    { ...aStore(), id: 'sto_calm' },
  ];
  const folders = new Map([
    [busy.id, ['1', '2', '3', '4']],
    [calm.id, ['5']],
  ]);
  const queued: string[] = [];
  const failed: string[] = [];
  const asked: string[] = [];
  const collect = createStoreMailCollector({
    activeStores: async () => [busy, calm, { ...aStore(), id: 'sto_silent' }],
    spool: {
      async *take({ id }) {
        for (const name of folders.get(id) ?? []) yield { id: name, raw: Buffer.alloc(10) };
      },
      remove: async ({ id: storeId }, id) =>
        void folders.set(storeId, folders.get(storeId)?.filter((name) => name !== id) ?? []),
    },
    async roomOf(storeId) {
      asked.push(storeId);
      return room;
    },
    onError: (storeId) => void failed.push(storeId),
    enqueue: async ({ uniqueKey }) => {
      if (uniqueKey === broken) throw new Error('The store is gone.');
      queued.push(uniqueKey);
    },
  });
  return { collect, queued, failed, asked, left: (): unknown => Object.fromEntries(folders) };
}

test.each([
  { why: 'so many wait', room: { mails: 2, bytes: 1000 } },
  { why: 'so much waits', room: { mails: 1000, bytes: 29 } },
])('what a shop writes stays with it while $why, and keeps no other from sending', async ({ room }) => {
  const { collect, queued, asked, left } = bench(room);
  await collect();

  expect(queued).toEqual(['sto_busy:1', 'sto_busy:2', 'sto_calm:5']);
  expect(left()).toEqual({ sto_busy: ['3', '4'], sto_calm: [] });
  expect(asked).toEqual(['sto_busy', 'sto_calm']);
});

test('where none may wait, none is taken', async () => {
  const { collect, queued } = bench({ mails: 0, bytes: 1000 });
  await collect();
  expect(queued).toEqual([]);
});

test('a shop whose mail cannot be taken holds up no other', async () => {
  const { collect, queued, failed } = bench({ mails: 9, bytes: 1000 }, 'sto_busy:2');
  await collect();
  expect([queued, failed]).toEqual([['sto_busy:1', 'sto_calm:5'], ['sto_busy']]);
});
