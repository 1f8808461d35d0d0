import { expect, test } from 'vitest';
import { createUnitsDown, createUnitsRestart, refuseUp } from './kept-by-units.ts';

const input = { signal: new AbortController().signal, onProgress: () => undefined };

function bench() {
  const calls: string[] = [];
  const units = {
    act: async (verb: string, names: readonly string[]) => void calls.push(`${verb} ${names.join(' ')}`),
  };
  const stores = {
    stopAll: async () => {
      calls.push('stop stores');
      return 2;
    },
  };
  return { calls, down: createUnitsDown(units, stores), restart: createUnitsRestart(units) };
}

test('down leaves edge and stores alone and says how to start again', async () => {
  const { calls, down } = bench();
  expect(await down({ ...input, stores: false })).toEqual({ startAgain: 'systemctl start shophosting.target' });
  expect(calls).toEqual(['stop web worker services']);
});

test('down with the stores ends what is in front before what is behind', async () => {
  const { calls, down } = bench();
  await down({ ...input, stores: true });
  expect(calls).toEqual(['stop web worker services', 'stop edge', 'stop stores']);
});

test('restart takes one, or all with the services', async () => {
  const { calls, restart } = bench();
  await restart({ ...input, service: 'web' });
  await restart(input);
  expect(calls).toEqual(['restart web', 'restart services edge worker web']);
});

test('up is refused with the command to type instead', () => {
  expect(() => refuseUp('/data')).toThrow(
    expect.objectContaining({ code: 'already_running', hint: expect.stringContaining('systemctl start') }),
  );
});
