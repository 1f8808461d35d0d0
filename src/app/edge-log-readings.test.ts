import { setImmediate as settle } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { edgeLogReadings } from './edge-log-readings.ts';

test('a look at what the edge wrote for all stores waits for its turn', async () => {
  const looks: (() => void)[] = [];
  const inTurn = <T>(look: () => Promise<T>) =>
    new Promise<T>((resolve, reject) => void looks.push(() => void look().then(resolve, reject)));
  const readings = edgeLogReadings({ dataDir: '/nowhere', storeId: 'sto_a', inTurn, now: () => new Date() });
  const request = { since: undefined, after: 'kept', tail: undefined, signal: new AbortController().signal };
  const read: string[] = [];

  const all = readings.map(async ({ name, read: look }) =>
    read.push(`${name} ${await look(request, () => undefined)}`),
  );
  await settle();
  expect([looks.length, read]).toEqual([2, []]);

  for (const look of looks) look();
  await Promise.all(all);
  expect(read.toSorted()).toEqual(['edge-access kept', 'edge-errors kept']);
});
