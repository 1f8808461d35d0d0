import { setImmediate as settle } from 'node:timers/promises';
import type Docker from 'dockerode';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createDockerClient } from '../../src/adapters/docker/docker-client.ts';
import { execInContainer } from '../../src/adapters/docker/exec-in-container.ts';
import { createStoreLogs } from '../../src/app/store-logs.ts';
import type { LogLine } from '../../src/cli/actions.ts';
import { containerOf } from '../../src/domain/names.ts';
import { probeUntil } from '../../src/lib/deadline.ts';
import { MINUTE, SECOND } from '../../src/lib/time.ts';
import { aStore } from '../fakes/fake-world.ts';
import { newestImage, testLabels } from '../services/test-containers.ts';
import { DOCKER_SOCKET } from '../setup/places.ts';

/** Where Magento writes; the container is any, the files are what matters. */
const FOLDER = '/var/www/magento/var/log';
const UID = 264_997;
const PATIENCE = { firstDelayMs: 50, maxDelayMs: 500 } as const;

const docker = createDockerClient(DOCKER_SOCKET);
const store = aStore({ id: `sto_logs${process.pid}`, name: 'roses', platform: 'magento' });
const read = createStoreLogs({ docker, latestRun: async () => undefined });
const never = new AbortController().signal;

let web: Docker.Container;
beforeAll(async () => {
  web = await docker.createContainer({
    name: containerOf(store, 'web'),
    Image: await newestImage(docker, 'shophosting/redis'),
    User: `${UID}:${UID}`,
    Labels: testLabels(),
    Entrypoint: ['/bin/bash', '-c'],
    // What it prints itself, then nothing until it is ended.
    Cmd: ['echo printed; read -r < <(sleep infinity)'],
    HostConfig: {
      CapDrop: ['ALL'],
      ReadonlyRootfs: true,
      NetworkMode: 'none',
      Init: true,
      Tmpfs: { [FOLDER]: `uid=${UID},gid=${UID}` },
    },
  });
  await web.start();
}, MINUTE);
afterAll(() => web?.remove({ force: true, v: true }));
afterEach(() => inside('find', FOLDER, '-mindepth', '1', '-delete'));

const inside = (...argv: string[]) =>
  execInContainer(docker, containerOf(store, 'web'), argv, { signal: AbortSignal.timeout(MINUTE) });
const write = (name: string, text: string) =>
  execInContainer(docker, containerOf(store, 'web'), ['tee', '-a', `${FOLDER}/${name}.log`], {
    signal: AbortSignal.timeout(MINUTE),
    input: text,
  });
const processes = async (): Promise<number> => ((await web.top()) as { Processes: unknown[] }).Processes.length;

async function linesOf(service?: string): Promise<LogLine[]> {
  const lines: LogLine[] = [];
  await read(store, { ...(service && { service }), follow: false, signal: never, onLine: (line) => lines.push(line) });
  return lines;
}

/** Follows until `stop`, which resolves when reading has ended. */
function follow(service: string) {
  const lines: string[] = [];
  const ending = new AbortController();
  const done = read(store, { service, follow: true, signal: ending.signal, onLine: ({ line }) => lines.push(line) });
  const until = (last: string): Promise<true> =>
    probeUntil(async () => lines.includes(last) || undefined, { signal: AbortSignal.timeout(MINUTE), ...PATIENCE });
  const stop = async (): Promise<string[]> => {
    ending.abort();
    await done;
    return lines;
  };
  return { until, stop };
}

describe('without following', () => {
  test('files inside come beside what containers print, each line with the name of its source; what is missing has none', async () => {
    await write('system', 'ein Umlaut: ü\nhalf a line');
    await write('exception', 'boom\n');

    const lines = await linesOf();

    expect(lines.map(({ service, line }) => `${service}: ${line}`).toSorted()).toEqual([
      'exception: boom',
      'system: ein Umlaut: ü',
      'system: half a line',
      'web: printed',
    ]);
  });

  test('one source can be chosen, and an unknown one is told which there are', async () => {
    await write('system', 'a\n');
    await write('exception', 'b\n');

    expect(await linesOf('exception')).toEqual([{ service: 'exception', at: null, line: 'b' }]);
    await expect(linesOf('nginx')).rejects.toThrow(/web, db, .*system, exception, cron/);
  });

  test('of a large file only the end is read, from the beginning of a line', async () => {
    const long = Array.from({ length: 5000 }, (_, index) => `${index} ${'x'.repeat(200)}`);
    await write('system', `${long.join('\n')}\n`);

    const lines = (await linesOf('system')).map(({ line }) => line);

    expect(lines).toEqual(long.slice(-200));
  });

  test('what is no file is not opened; a link leads no further than its maker could go', async () => {
    await inside('mkfifo', `${FOLDER}/system.log`);
    await inside('ln', '-s', '/dev/zero', `${FOLDER}/exception.log`);
    await inside('ln', '-s', '/etc/shadow', `${FOLDER}/cron.log`);

    expect((await linesOf()).map(({ service }) => service)).toEqual(['web']);
  });
});

describe('following', () => {
  test('what is added comes once, also after the file was begun anew or changed for another, and from one that was not there', async () => {
    const { until, stop } = follow('system');
    await write('system', 'one\ntw');
    await until('one');
    await write('system', 'o\nthree\n');
    await until('three');
    await inside('truncate', '--size=0', `${FOLDER}/system.log`);
    await write('system', 'four\n');
    await until('four');
    await inside('mv', `${FOLDER}/system.log`, `${FOLDER}/system.log.1`);
    await write('system', 'five, after the change\n');
    await until('five, after the change');

    expect(await stop()).toEqual(['one', 'two', 'three', 'four', 'five, after the change']);
  });

  test('nothing of it runs inside once the follower is gone', async () => {
    const before = await processes();
    await write('system', 'one\n');
    const { until, stop } = follow('system');
    await until('one');

    await stop();
    await settle();

    expect(await processes()).toBe(before);
  });

  test('it ends with the container', { timeout: 30 * SECOND }, async () => {
    await write('system', 'last words\n');
    const lines: string[] = [];
    const done = read(store, { follow: true, signal: never, onLine: ({ line }) => lines.push(line) });
    await probeUntil(async () => lines.includes('last words') || undefined, {
      signal: AbortSignal.timeout(MINUTE),
      ...PATIENCE,
    });

    await web.stop({ t: 0 });
    await done;

    expect(await linesOf('system')).toEqual([]);
    await web.start();
  });
});
