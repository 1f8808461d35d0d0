import { mkdtempSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as settle } from 'node:timers/promises';
import type Docker from 'dockerode';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createDockerClient } from '../../src/adapters/docker/docker-client.ts';
import { execInContainer } from '../../src/adapters/docker/exec-in-container.ts';
import { createStoreLogs } from '../../src/app/store-logs.ts';
import type { StoreLogQuery } from '../../src/domain/log-lines.ts';
import { containerOf } from '../../src/domain/names.ts';
import { probeUntil } from '../../src/lib/deadline.ts';
import { MINUTE } from '../../src/lib/time.ts';
import { followLogs } from '../../src/stores/logs/follow-logs.ts';
import { aStore } from '../fakes/fake-world.ts';
import { newestImage, testLabels } from '../services/test-containers.ts';
import { DOCKER_SOCKET } from '../setup/places.ts';

/** Where Magento writes; the container is any, the files are what matters. */
const FOLDER = '/var/www/magento/var/log';
const UID = 264_997;
const PATIENCE = { firstDelayMs: 50, maxDelayMs: 500 } as const;

const docker = createDockerClient(DOCKER_SOCKET);
const store = aStore({ id: `sto_logs${process.pid}`, name: 'roses', platform: 'magento' });
/** Just after what the edge is said to have written. */
const NOW = new Date('2026-11-25T10:00:06Z');
const LOOK_EVERY_MS = 50;
const dataDir = mkdtempSync(join(tmpdir(), 'shophosting-store-logs-'));
const read = createStoreLogs({ docker, dataDir, latestRun: async () => undefined, now: () => NOW });
const ALL: StoreLogQuery = { tail: 500, levels: [], search: '' };
const never = new AbortController().signal;

let web: Docker.Container;
beforeAll(async () => {
  await mkdir(join(dataDir, 'logs'));
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
afterAll(async () => {
  await web?.remove({ force: true, v: true });
  await rm(dataDir, { recursive: true, force: true });
});
afterEach(() => inside('find', FOLDER, '-mindepth', '1', '-delete'));

const inside = (...argv: string[]) =>
  execInContainer(docker, containerOf(store, 'web'), argv, { signal: AbortSignal.timeout(MINUTE) });
const write = (name: string, text: string) =>
  execInContainer(docker, containerOf(store, 'web'), ['tee', '-a', `${FOLDER}/${name}.log`], {
    signal: AbortSignal.timeout(MINUTE),
    input: text,
  });
const processes = async (): Promise<number> => ((await web.top()) as { Processes: unknown[] }).Processes.length;

/** `source: text`, in no order. */
async function textsOf(query: Partial<StoreLogQuery> = {}): Promise<string[]> {
  const { lines } = await read(store, { ...ALL, ...query }, never);
  return lines.map(({ source, text }) => `${source}: ${text}`);
}

/** Follows until `stop`, which resolves when reading has ended. */
function follow(source: string) {
  const lines: string[] = [];
  const ending = new AbortController();
  const { signal } = ending;
  const readOn = (after?: string) => read(store, { ...ALL, source, ...(after === undefined ? {} : { after }) }, signal);
  const done = (async () => {
    for await (const page of followLogs(readOn, { after: undefined, everyMs: LOOK_EVERY_MS, signal })) {
      lines.push(...page.lines.map(({ text }) => text));
    }
  })();
  const until = (last: string): Promise<true> =>
    probeUntil(async () => lines.includes(last) || undefined, { signal: AbortSignal.timeout(MINUTE), ...PATIENCE });
  const stop = async (): Promise<string[]> => {
    ending.abort();
    await done;
    return lines;
  };
  return { until, stop };
}

describe('what is read', () => {
  test('files inside come beside what containers print, each line with the name of its source; what is missing has none', async () => {
    await write('system', 'ein Umlaut: ü\nhalf a line');
    await write('exception', 'boom\n');

    expect((await textsOf()).toSorted()).toEqual(['exception: boom', 'system: ein Umlaut: ü', 'web: printed']);
  });

  test('one source can be chosen, and an unknown one is told which there are', async () => {
    await write('system', 'a\n');
    await write('exception', 'b\n');

    expect(await textsOf({ source: 'exception' })).toEqual(['exception: b']);
    for (const source of ['nginx', '../web', `${store.id}-web`, 'constructor', '']) {
      await expect(textsOf({ source })).rejects.toThrow(/web, db, .*system, exception, cron, edge-access/);
    }
  });

  test('of a large file only the end is read, from the beginning of a line, and no more than was asked for', async () => {
    const long = Array.from({ length: 5000 }, (_, index) => `${index} ${'x'.repeat(200)}`);
    await write('system', `${long.join('\n')}\n`);

    const lines = await textsOf({ source: 'system', tail: 100 });

    expect(lines).toEqual(long.slice(-100).map((line) => `system: ${line}`));
  });

  test('what is no file is not opened; a link leads no further than its maker could go', async () => {
    await inside('mkfifo', `${FOLDER}/system.log`);
    await inside('ln', '-s', '/dev/zero', `${FOLDER}/exception.log`);
    await inside('ln', '-s', '/etc/shadow', `${FOLDER}/cron.log`);

    expect(await textsOf()).toEqual(['web: printed']);
  });

  test('times, levels, texts and controls of Magento are understood, and what was not asked for is left out', async () => {
    const lines = [
      '[2026-11-25T10:00:00.123456+00:00] main.ERROR: Broken \u001b[31mpipe\u001b[0m <b>\u202etxt.exe',
      '[2026-11-25T11:00:00.000000+00:00] main.INFO: Fine, no ERROR here',
    ];
    await write('system', `${lines.join('\n')}\n`);
    const source = 'system';

    const { lines: found } = await read(store, { ...ALL, source, levels: ['error'] }, never);
    expect(found).toEqual([
      {
        source,
        at: '2026-11-25T10:00:00.123Z',
        level: 'error',
        text: '[2026-11-25T10:00:00.123456+00:00] main.ERROR: Broken pipe <b>\ufffdtxt.exe',
      },
    ]);
    expect(await textsOf({ source, search: 'BROKEN' })).toHaveLength(1);
    expect(await textsOf({ source, since: new Date('2026-11-25T10:30:00Z') })).toEqual([`system: ${lines[1]}`]);
    expect(await textsOf({ source, until: new Date('2026-11-25T10:30:00Z') })).toHaveLength(1);
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

  test('it goes on over a restart of the container, and says again nothing that it said', {
    timeout: MINUTE,
  }, async () => {
    const { until, stop } = follow('web');
    await until('printed');
    await web.restart({ t: 0 });
    await probeUntil(async () => (await textsOf({ source: 'web' })).length === 2 || undefined, {
      signal: AbortSignal.timeout(MINUTE),
      ...PATIENCE,
    });

    const page = await read(store, { ...ALL, source: 'web' }, never);
    const behind = await read(store, { ...ALL, source: 'web', after: page.places }, never);

    expect(page.lines.map(({ text }) => text)).toEqual(['printed', 'printed']);
    expect(behind.lines).toEqual([]);
    await stop();
  });
});

describe('what the edge wrote', () => {
  const access = (over: object) =>
    `${JSON.stringify({ time: '2026-11-25T10:00:05+00:00', connection: '7.1', store: store.id, host: 'roses.localhost', state: 'active', client: '192.0.2.1', method: 'GET', path: '/', protocol: 'HTTP/2.0', status: 200, bytes: 5, seconds: 0.1, upstreamStatus: '200', upstreamSeconds: '0.1', referer: '', agent: 'curl', tls: 'TLSv1.3', ...over })}\n`;
  // nginx writes the machine's own time here, and only here.
  const local = new Date(Date.parse('2026-11-25T10:00:05Z') - new Date(NOW).getTimezoneOffset() * MINUTE);
  const localTime = local.toISOString().slice(0, 19).replace('T', ' ').replaceAll('-', '/');
  const error = (connection: string, text: string) => `${localTime} [error] ${connection} ${text}\n`;
  const put = (name: string, lines: readonly string[]) =>
    writeFile(join(dataDir, 'logs', `${name}.log`), lines.join(''));

  test("is shown to the store that nginx itself named, whatever a visitor wrote into another's line", async () => {
    await put('edge-access', [
      access({ path: '/mine' }),
      access({ store: 'sto_other', path: '/theirs' }),
      access({ store: 'sto_other', agent: `","store":"${store.id}","x":"`, path: `/?"store":"${store.id}"` }),
      access({ store: '', host: 'roses.localhost', path: '/nobodys' }),
      'no JSON at all\n',
      'null\n',
    ]);

    expect(await textsOf({ source: 'edge-access' })).toEqual([
      'edge-access: 200 GET /mine 0.100 s, 5 bytes, from 192.0.2.1, referer -, "curl"',
    ]);
  });

  test("errors are those of connections that were this store's alone just then; nothing of what a visitor wrote counts", async () => {
    await put('edge-access', [
      access({ status: 502 }),
      access({ connection: '7.2', store: 'sto_other', status: 502 }),
      // One connection, two stores at the same time: whose error it was cannot be told.
      access({ connection: '7.3' }),
      access({ connection: '7.3', store: 'sto_other' }),
      // The same connection an hour before.
      access({ connection: '7.4', time: '2026-11-25T09:00:00+00:00' }),
      access({ connection: '7.4', store: 'sto_other' }),
    ]);
    const forged = `host: "roses.localhost", store: "${store.id}"`;
    const said = 'connect() failed (111: Connection refused) while connecting to upstream, client: 192.0.2.1';
    await put('edge-error', [
      error('7#7: *1', `${said}, server: _, request: "GET /?token=secret HTTP/2.0", host: "roses.localhost"`),
      error('7#7: *2', `${said}, request: "GET / HTTP/1.1", ${forged}, host: "other.localhost"`),
      error('7#7: *3', `${said}, ${forged}`),
      error('7#7: *4', `${said}, ${forged}`),
      error('7#7:', `something about nobody, ${forged}`),
      `${forged}\n`,
    ]);

    expect(await textsOf({ source: 'edge-errors' })).toEqual([
      'edge-errors: connect() failed (111: Connection refused) while connecting to upstream',
    ]);
  });

  test('an error waits for its request to end, and nothing overtakes it', async () => {
    await put('edge-access', [access({ connection: '7.6' })]);
    await put('edge-error', [error('7#7: *5', 'first'), error('7#7: *6', 'second')]);
    const source = 'edge-errors';

    const before = await read(store, { ...ALL, source }, never);
    await put('edge-access', [access({ connection: '7.6' }), access({ connection: '7.5' })]);
    const after = await read(store, { ...ALL, source, after: before.places }, never);
    const end = await read(store, { ...ALL, source, after: after.places }, never);

    expect([before, after, end].map(({ lines }) => lines.map(({ text }) => text))).toEqual([
      [],
      ['first', 'second'],
      [],
    ]);
  });

  test('a place that somebody made up is the beginning, not a failure', async () => {
    await put('edge-access', [access({})]);
    for (const places of [
      '',
      'x',
      '"1"',
      '{"edge-access":"1:999999999999","web":"nonsense","system":5}',
      '[]',
      'null',
    ]) {
      const after = Buffer.from(places).toString('base64url');
      expect(await textsOf({ after })).toEqual(expect.arrayContaining([expect.stringMatching(/^edge-access: 200/)]));
    }
  });
});
