import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readLogFile } from './read-log-file.ts';
import { rotateForeignLog } from './rotate-foreign-log.ts';
import { openRotatingLog } from './rotating-log.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'shophosting-log-'));
  path = join(folder, 'logs', 'worker.log');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const at = (second: number): string => `{"time":"2026-11-23T10:00:0${second}Z","msg":"${second}"}`;

async function read(options: { since?: Date } = {}): Promise<string[]> {
  const lines: string[] = [];
  await readLogFile(
    path,
    { follow: false, signal: AbortSignal.timeout(5000), ...options },
    (line) => void lines.push(line),
  );
  return lines;
}

test('a log that is full is rotated, the oldest goes, and no line is cut', async () => {
  const log = openRotatingLog(path, { maxBytes: at(0).length * 2 + 2, keep: 2 });
  for (let second = 0; second < 8; second++) log.write(at(second));
  log.close();
  expect(readdirSync(join(folder, 'logs')).sort()).toEqual(['worker.log', 'worker.log.1', 'worker.log.2']);
  expect(await read()).toEqual([2, 3, 4, 5, 6, 7].map(at));
});

test('a line that is not JSON is wrapped, so that every line is', () => {
  const log = openRotatingLog(path);
  log.write('Error: "quoted"');
  log.close();
  expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({ level: 'info', msg: 'Error: "quoted"' });
});

test('only what is new enough is shown; a log that is not there has no lines', async () => {
  expect(await read()).toEqual([]);
  const log = openRotatingLog(path);
  for (let second = 0; second < 4; second++) log.write(at(second));
  log.close();
  expect(await read({ since: new Date('2026-11-23T10:00:02Z') })).toEqual([2, 3].map(at));
});

test('following goes on over a rotation and loses no line', async () => {
  const log = openRotatingLog(path, { maxBytes: at(0).length * 2 + 2, keep: 5 });
  const stop = new AbortController();
  const seen: string[] = [];
  log.write(at(0));
  const following = readLogFile(path, { follow: true, signal: stop.signal }, (line) => void seen.push(line));
  await expect.poll(() => seen).toEqual([at(0)]);
  log.write(at(1));
  await expect.poll(() => seen, { timeout: 4000 }).toHaveLength(2);
  for (let second = 2; second < 4; second++) log.write(at(second));
  await expect.poll(() => seen, { timeout: 4000 }).toEqual([0, 1, 2, 3].map(at));
  appendFileSync(path, '{"half":');
  appendFileSync(path, '1}\n');
  await expect.poll(() => seen.at(-1), { timeout: 4000 }).toBe('{"half":1}');
  stop.abort();
  await following;
  log.close();
});

test('a log that another program holds open is moved and reopened, or copied and cut', async () => {
  const LIMITS = { maxBytes: 10, keep: 2 };
  const edge = join(folder, 'edge.log');
  const engine = join(folder, 'dockerd.log');
  appendFileSync(edge, 'short');
  expect(await rotateForeignLog(edge, () => undefined, LIMITS)).toBe(false);
  appendFileSync(edge, ' and now long');
  appendFileSync(engine, 'long from the start');
  let reopened = 0;

  await rotateForeignLog(edge, () => void reopened++, LIMITS);
  await rotateForeignLog(engine, undefined, LIMITS);

  expect(reopened).toBe(1);
  expect(readFileSync(`${edge}.1`, 'utf8')).toBe('short and now long');
  expect([readFileSync(`${engine}.1`, 'utf8'), readFileSync(engine, 'utf8')]).toEqual(['long from the start', '']);
  expect(await rotateForeignLog(join(folder, 'none.log'), undefined, LIMITS)).toBe(false);
});
