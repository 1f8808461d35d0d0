import { totalmem } from 'node:os';
import { expect, test } from 'vitest';
import type { Adapters } from './adapters.ts';
import { hasRoom, hasRoomAhead } from './capacity.ts';

const MIB = 1024 ** 2;

/** A hundred of each, so many of which stores have. */
const machine = (used: Partial<Record<'ports' | 'subnets' | 'uids', number>>) =>
  ({
    config: {
      customersDir: '/',
      ports: { start: 20_000, max: 20_099, reserved: [] },
      storeSubnets: '10.210.0.0/16',
      storeUids: { start: 300_000, end: 300_099 },
    },
    repositories: { runStatistics: { allocated: async () => ({ ports: 0, subnets: 0, uids: 0, ...used }) } },
  }) as unknown as Adapters;

test('what nobody has asked for yet leaves a tenth of ports and user ids to those who ask', async () => {
  for (const resource of ['ports', 'uids'] as const) {
    expect(await hasRoomAhead(machine({ [resource]: 89 }), 1)).toBe(true);
    expect(await hasRoomAhead(machine({ [resource]: 90 }), 1)).toBe(false);
    expect(await hasRoom(machine({ [resource]: 99 }))).toBe(true);
    expect(await hasRoom(machine({ [resource]: 100 }))).toBe(false);
  }
});

test('and a tenth of the memory, whatever its plan may take', async () => {
  expect(await hasRoomAhead(machine({}), 1)).toBe(true);
  expect(await hasRoomAhead(machine({}), (totalmem() / MIB) * 0.95)).toBe(false);
});
