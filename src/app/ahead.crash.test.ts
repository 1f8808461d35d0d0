import { describe, expect, test } from 'vitest';
import { Crash } from '../../test/fakes/fake-world.ts';
import { type MemberRow, PoolMachine, TOMORROW, WISHED } from '../../test/fakes/pool-machine.ts';

const fine = (stores: number, snapshots: readonly string[]): object => ({
  ready: WISHED,
  others: [],
  stores,
  lostContainers: [],
  lostFolders: [],
  orphans: [],
  snapshots: [...snapshots].toSorted(),
  areApart: true,
  ofToday: true,
});

/** From what a round begins, and what is there in the end. */
const BEGINNINGS: Readonly<Record<string, (machine: PoolMachine) => Promise<void>>> = {
  'on a machine with nothing': async () => undefined,
  'with a snapshot and one that waits': async (machine) => {
    await machine.settle();
    machine.order();
    for (const id of machine.stores) machine.rows.delete(id);
  },
  'when all was drained': async (machine) => {
    await machine.settle();
    for (const id of machine.rows.keys()) await machine.members.retire(id);
  },
  'when the images are other ones': async (machine) => {
    await machine.settle();
    machine.image = TOMORROW;
  },
  'when one that waits has lost its containers': async (machine) => {
    await machine.settle();
    machine.containers.delete([...machine.rows.keys()][0] ?? '');
  },
};

/** Rounds of one that is not killed. */
async function rounds(machine: PoolMachine, count: number): Promise<void> {
  const round = machine.worker('first');
  for (let turn = 0; turn < count; turn += 1) await round();
}

async function begun(beginning: (machine: PoolMachine) => Promise<void>): Promise<PoolMachine> {
  const machine = new PoolMachine();
  await beginning(machine);
  return machine;
}

const ROUNDS = 4;

describe.each(Object.entries(BEGINNINGS))('looking after the pool %s', (_, beginning) => {
  test.each(['kill', 'order'] as const)('is fine in the end whatever moment a %s comes at', async (what) => {
    const clean = await begun(beginning);
    clean.boot();
    await rounds(clean, ROUNDS);
    const { effects } = clean;
    await clean.settle();
    expect(clean.look()).toEqual(fine(clean.stores.size, [...clean.snapshots.keys()]));
    expect(clean.snapshots.has(clean.key)).toBe(true);
    expect(effects.length).toBeGreaterThan(8);

    let orders = 0;
    for (let at = 1; at <= effects.length; at += 1) {
      for (const when of ['before', 'after'] as const) {
        const machine = await begun(beginning);
        const before = machine.stores.size;
        machine.boot({ at, when, what });
        await rounds(machine, ROUNDS).catch((thrown: unknown) => expect(thrown).toBeInstanceOf(Crash));
        orders += machine.stores.size - before;
        await machine.settle();
        expect(machine.look(), `${what} ${when} ${effects[at - 1]} (${at})`).toEqual(
          fine(machine.stores.size, [...clean.snapshots.keys()]),
        );
      }
    }
    expect(orders > 0).toBe(what === 'order');
  });
});

/** What becomes of a shop's row, in a backup of before it was ordered. */
const ROWS_OF_BEFORE: Readonly<Record<string, (row: MemberRow) => MemberRow>> = {
  'it waited': (row) => row,
  'it was being made': (row) => ({ ...row, status: 'making', owner: 'long gone', fingerprint: undefined }),
  'it was about to leave': (row) => ({ ...row, status: 'leaving' }),
};

describe.each(Object.entries(ROWS_OF_BEFORE))('with a database of before an order, when %s', (_, ofBefore) => {
  test.each([
    ['as it is', () => undefined],
    ['with other images', (machine: PoolMachine) => void (machine.image = TOMORROW)],
    ['without its containers', (machine: PoolMachine, id: string) => void machine.containers.delete(id)],
  ] as const)(
    'what somebody has stays %s, whatever moment a worker is killed at, and nobody else gets it',
    async (__, change) => {
      const restored = async (): Promise<{ machine: PoolMachine; id: string; had: boolean }> => {
        const machine = new PoolMachine();
        await machine.settle();
        const before = [...machine.rows.values()];
        const id = machine.order() ?? '';
        machine.rows.clear();
        for (const row of before) machine.rows.set(row.id, row.id === id ? ofBefore(row) : row);
        change(machine, id);
        return { machine, id, had: machine.containers.has(id) };
      };
      const clean = await restored();
      clean.machine.boot();
      await rounds(clean.machine, 1);
      const { effects } = clean.machine;
      expect(effects).toContain('row set aside');

      for (let at = 1; at <= effects.length; at += 1) {
        for (const when of ['before', 'after'] as const) {
          const { machine, id, had } = await restored();
          machine.boot({ at, when, what: 'kill' });
          await rounds(machine, 1).catch((thrown: unknown) => expect(thrown).toBeInstanceOf(Crash));
          await machine.settle();
          const place = `kill ${when} ${effects[at - 1]} (${at})`;
          expect([machine.folders.has(id), machine.containers.has(id)], place).toEqual([true, had]);
          expect(machine.rows.get(id)?.status, place).toBe('aside');
          expect(
            [...machine.rows.values()].filter(({ status }) => status === 'ready'),
            place,
          ).toHaveLength(WISHED);
          expect(machine.order(), place).not.toBe(id);
        }
      }
    },
  );
});
