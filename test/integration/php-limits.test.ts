import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readPhpLimits } from '../../src/adapters/docker/read-shop-settings.ts';
import { createPhpLimitFiles } from '../../src/adapters/filesystem/php-limit-files.ts';
import { directoryOf } from '../../src/domain/names.ts';
import { USUAL_PHP_LIMITS } from '../../src/domain/php-limits.ts';
import { MINUTE } from '../../src/lib/time.ts';
import { aStore } from '../fakes/fake-world.ts';
import { openImages } from '../setup/open-images.ts';
import { createRoom, MEGABYTE, run, UID, untilHealthy } from './as-in-a-store.ts';

/** What one request may take, asked of the PHP of a real shop's container: read-only, its own user, its file mounted. */
const { images } = openImages();
const { startSite, removeContainers, removeFolders } = createRoom();
const USUAL = USUAL_PHP_LIMITS.wordpress;
const store = aStore({ uid: UID });

/** Below plugins: what it was sent, and by what it goes; it takes as long as it is told. */
const PROBE = `<?php
$file = $_FILES['file'] ?? null;
if (isset($_GET['mark'])) { touch('/tmp/begun'); while (!file_exists('/tmp/end')) { usleep(10000); clearstatcache(); } }
echo json_encode(['size' => $file['size'] ?? null, 'error' => $file['error'] ?? null, 'memory' => ini_get('memory_limit'),
  'raised' => ini_set('memory_limit', '2G'), 'upload' => ini_get('upload_max_filesize'), 'post' => ini_get('post_max_size'),
  'seconds' => ini_get('max_execution_time'), 'fields' => ini_get('max_input_vars')]);`;
/** Prints what the shop answers, with its status; a file of so many megabytes goes along where one is named. */
const ASK = String.raw`
$curl = curl_init('http://127.0.0.1:8080/wp-content/plugins/probe/probe.php?' . $argv[1]);
curl_setopt_array($curl, [CURLOPT_RETURNTRANSFER => true, CURLOPT_TIMEOUT => 60]);
if ((int) $argv[2] > 0) {
    file_put_contents('/var/tmp/sent', str_repeat('x', (int) $argv[2] * 1048576));
    curl_setopt($curl, CURLOPT_POSTFIELDS, ['file' => new CURLFile('/var/tmp/sent')]);
}
$body = curl_exec($curl);
echo json_encode(['status' => curl_getinfo($curl, CURLINFO_RESPONSE_CODE), 'said' => json_decode((string) $body, true)]);`;

/** Ends when a request has been at work for longer than one that nobody waits for. */
const UNTIL_IT_IS_LONG = String.raw`until php -r 'exit(json_decode(file_get_contents("http://127.0.0.1:8081/php-limits-page.php"))->longest >= 1 ? 0 : 1);'; do sleep 0.05; done`;

let web: string;
let customersDir: string;
const settings = (): string => join(customersDir, directoryOf(store), 'settings', 'web');
const ask = async (query: string, megabytes = 0): Promise<{ status: number; said: Record<string, unknown> | null }> =>
  JSON.parse((await run(web, ['php', '-r', ASK, query, String(megabytes)])).output);
const put = (limits: typeof USUAL | undefined) => createPhpLimitFiles({ customersDir }).write(store, limits);
async function apply() {
  const { exitCode, output } = await run(web, ['/usr/local/bin/shop-php-limits'], '{}');
  if (exitCode !== 0) throw new Error(output);
  return readPhpLimits(JSON.parse(output.trim().split('\n').at(-1) ?? ''));
}

beforeAll(async () => {
  const signal = AbortSignal.timeout(20 * MINUTE);
  await images.prepare(['mariadb', 'wordpress'], signal);
  customersDir = await mkdtemp(join(tmpdir(), 'php-limits-'));
  await chmod(customersDir, 0o755);
  await put(undefined);
  const plugins = join(customersDir, 'plugins');
  await mkdir(join(plugins, 'probe'), { recursive: true });
  await writeFile(join(plugins, 'probe', 'probe.php'), PROBE);
  await chmod(plugins, 0o777);
  web = await startSite(
    { database: await images.idOf('mariadb', signal), web: await images.idOf('wordpress', signal) },
    { binds: [`${settings()}:/run/settings/shop:ro`, `${plugins}:/var/www/html/wp-content/plugins`] },
  );
}, 22 * MINUTE);
afterAll(async () => {
  await removeContainers();
  await removeFolders();
  await rm(customersDir, { recursive: true, force: true });
});

test('without a wish the shop goes by what the platform says that shops come with', async () => {
  expect(await apply()).toEqual({ ...USUAL, phpWorkers: 5 });
  const { said } = await ask('');
  expect(said).toMatchObject({ memory: '256M', upload: '64M', post: '72M', seconds: '120', fields: '5000' });
});

test('what is put into the file holds for pages at once, is read back, and an upload goes through that did not before', async () => {
  await put({ ...USUAL, phpUpload: 16 });
  await apply();
  expect((await ask('', 20)).said).toMatchObject({ size: 0, error: 1 });
  expect((await ask('', 30)).status).toBe(413);

  await put({ phpMemory: 384, phpUpload: 32, phpSeconds: 60, phpInputVars: 10_000 });
  expect(await apply()).toEqual({
    phpMemory: 384,
    phpUpload: 32,
    phpSeconds: 60,
    phpInputVars: 10_000,
    // 5 × 256 MB are no fewer than 3 × 384.
    phpWorkers: 3,
  });
  const { said } = await ask('', 20);
  expect(said).toMatchObject({ size: 20 * MEGABYTE, error: 0, upload: '32M', post: '40M', fields: '10000' });
  // A limit that a plugin could lift is none.
  expect(said).toMatchObject({ memory: '384M', raised: false, seconds: '60' });
  const { output } = await run(web, ['php', '-r', 'echo ini_get("memory_limit"), ini_get("max_execution_time");']);
  expect(output).toBe('256M0');
});

test('a request under way comes to its end, however long the others are answered meanwhile', async () => {
  const slow = ask('mark=1');
  await run(web, ['sh', '-c', UNTIL_IT_IS_LONG]);
  await put({ ...USUAL, phpUpload: 128 });
  const applied = apply();
  await run(web, [
    'sh',
    '-c',
    'until grep -q "upload_max_filesize. = 128M" /run/shop/php-fpm.conf; do sleep 0.02; done',
  ]);
  const meanwhile = await ask('');
  expect([meanwhile.status, meanwhile.said]).toMatchObject([200, { upload: '32M' }]);

  await run(web, ['touch', '/tmp/end']);
  const [answered, held] = [await slow, await applied];
  // It was begun by the limits of before.
  expect([answered.status, answered.said]).toMatchObject([200, { upload: '32M' }]);
  expect(held).toMatchObject({ phpUpload: 128, phpWorkers: 5 });
  expect((await ask('')).said).toMatchObject({ upload: '128M' });
});

test('a request that has only just begun is not cut off by the reload either', async () => {
  await run(web, ['rm', '/tmp/begun', '/tmp/end']);
  const short = ask('mark=1');
  await run(web, ['sh', '-c', 'until [ -e /tmp/begun ]; do sleep 0.02; done']);
  await put({ ...USUAL, phpUpload: 32 });
  const applied = apply();
  await run(web, [
    'sh',
    '-c',
    'until grep -q "upload_max_filesize. = 32M" /run/shop/php-fpm.conf; do sleep 0.02; done; touch /tmp/end',
  ]);

  expect([(await short).status, (await applied).phpUpload]).toEqual([200, 32]);
});

test('a file that no shop could be started with counts as none, and cannot be changed from inside', async () => {
  await writeFile(join(settings(), 'php-limits.json'), '{"phpMemory":9999999,"phpUpload":"64M\\nx","phpSeconds":-1}');
  expect(await apply()).toMatchObject(USUAL);

  await put({ ...USUAL, phpUpload: 32 });
  const { exitCode } = await run(web, ['sh', '-c', 'echo "{}" > /run/settings/shop/php-limits.json']);
  expect(exitCode).not.toBe(0);
  expect(JSON.parse(await readFile(join(settings(), 'php-limits.json'), 'utf8'))).toMatchObject({ phpUpload: 32 });
});

test('a configuration that is refused leaves the shop as it was, and its reason is told', async () => {
  await put({ ...USUAL, phpUpload: 32 });
  await apply();
  // What stands in for an nginx that does not take it: another one comes first.
  const content = '/var/www/html/wp-content';
  await mkdir(join(customersDir, 'plugins', 'bin'));
  await writeFile(join(customersDir, 'plugins', 'bin', 'nginx'), '#!/bin/sh\necho "emerg: no"; exit 1\n', {
    mode: 0o755,
  });
  await put({ ...USUAL, phpUpload: 128 });
  const program = 'PATH="$1:$PATH" exec /usr/local/bin/shop-php-limits';
  const { exitCode, output } = await run(web, ['sh', '-c', program, 'sh', `${content}/plugins/bin`]);

  expect([exitCode, output]).toEqual([1, expect.stringContaining('nginx refused its configuration: emerg: no')]);
  expect((await ask('')).said).toMatchObject({ upload: '32M' });
  const { output: held } = await run(web, ['cat', '/run/shop/php-limits.json']);
  expect(JSON.parse(held)).toMatchObject({ phpUpload: 32 });
});

test('a restarted container goes by the same file', async () => {
  await put({ ...USUAL, phpUpload: 128, phpSeconds: 180 });
  await openImages().docker.getContainer(web).restart({ t: 10 });
  await untilHealthy(web);
  expect((await ask('')).said).toMatchObject({ upload: '128M', seconds: '180' });
});
