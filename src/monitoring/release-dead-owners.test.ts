import { expect, test } from 'vitest';
import { createDeadOwnerRelease } from './release-dead-owners.ts';

const worker = (id: string, changes: object = {}) => ({
  id,
  hostname: 'here',
  bootId: 'boot-2',
  pid: 10,
  heartbeatAt: new Date(0),
  ...changes,
});

test('takes the leases of the dead on this machine, and judges nobody elsewhere', async () => {
  const expired: string[] = [];
  const removed: string[] = [];
  const release = createDeadOwnerRelease({
    self: { hostname: 'here', bootId: 'boot-2' },
    workers: {
      list: async () => [
        worker('alive', { pid: 1 }),
        worker('dead'),
        worker('before the reboot', { pid: 1, bootId: 'boot-1' }),
        worker('elsewhere', { hostname: 'there' }),
      ],
      remove: async (id) => void removed.push(id),
    },
    isAlive: async ({ pid }) => pid === 1,
    expireLeasesOf: async (owners) => void expired.push(...owners),
  });

  await release();

  expect(expired).toEqual(['dead', 'before the reboot']);
  expect(removed).toEqual(expired);
});
