import { chmod, mkdir, mkdtemp, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createCompiledCode } from '../../src/adapters/docker/compiled-code.ts';
import type { CompiledCode } from '../../src/domain/compiled-code.ts';
import { MINUTE, SECOND } from '../../src/lib/time.ts';
import { openImages } from '../setup/open-images.ts';
import { createRoom, run } from './as-in-a-store.ts';

/** PHP's code as the real image compiles it, in a site's real container. */
const { docker, images } = openImages();
const { startSite, removeContainers, removeFolders } = createRoom();

/** Asked by php-fpm, and run by the shop's PHP for programs. */
const PAGE = '/usr/local/lib/shop/health.php';
const PROGRAM = '/usr/local/lib/shop/compile/some.php';
const ANOTHER_CODE = "<?php echo 'another code';";
/** How many texts php-fpm keeps once for all files, its own nine thousand among them, when it has all these. */
const COUNTS_TEXTS = `<?php
  foreach (glob('/var/www/html/wp-includes/*.php') as $file) opcache_compile_file($file);
  echo opcache_get_status(false)['interned_strings_usage']['number_of_strings'];`;
const never = new AbortController().signal;

let dataDir: string;
let image: string;
let database: string;
let code: CompiledCode;
const told: string[] = [];
let now = 0;
const compiled = () => createCompiledCode({ docker, dataDir, onProgress: (line) => told.push(line), now: () => now });
const folderOf = (id: string): string => join(dataDir, 'compiled', code.name, id);

/** When the image's file was changed, in s. */
async function timeOf(path: string): Promise<number> {
  const container = await docker.createContainer({ Image: image });
  try {
    const facts = (await container.infoArchive({ path })) as unknown as { headers: Record<string, string> };
    const { mtime } = JSON.parse(
      Buffer.from(facts.headers['x-docker-container-path-stat'] ?? '', 'base64').toString(),
    ) as { mtime: string };
    return Math.floor(Date.parse(mtime) / SECOND);
  } finally {
    await container.remove();
  }
}

beforeAll(async () => {
  const signal = AbortSignal.timeout(20 * MINUTE);
  await images.prepare(['mariadb', 'wordpress'], signal);
  image = await images.idOf('wordpress', signal);
  database = await images.idOf('mariadb', signal);
  dataDir = await mkdtemp(join(tmpdir(), 'compiled-code-'));
  await chmod(dataDir, 0o755);
  const made = await compiled().ensure({ image, mounts: [] }, 'the PHP of WordPress', signal);
  if (made === undefined) throw new Error('The image has compiled nothing.');
  code = made;
}, 22 * MINUTE);
afterAll(async () => {
  await removeContainers();
  await removeFolders();
  await rm(dataDir, { recursive: true, force: true });
});

test('is made once, is root’s, and can be read by every shop', async () => {
  expect(await compiled().ensure({ image, mounts: [] }, 'the PHP of WordPress', never)).toEqual(code);
  expect(await compiled().find({ image, mounts: [] })).toEqual(code);
  expect(await compiled().list()).toEqual([code.name]);
  expect(told).toEqual(['Compiling the PHP of WordPress']);
  for (const id of [code.pages, code.programs]) {
    const facts = await stat(join(folderOf(id), 'var/www/html/wp-settings.php.bin'));
    expect([facts.uid, facts.mode & 0o777]).toEqual([0, 0o644]);
  }
});

test('other parts have code of their own; without any, a store mounts empty folders', async () => {
  expect(await compiled().find({ image, mounts: [{ source: '/applications/one', target: '/one' }] })).toBeUndefined();
  await compiled().layOut();
  expect(await readdir(join(dataDir, 'compiled', 'none', 'pages'))).toEqual([]);
  expect(await compiled().list()).toEqual([code.name]);
});

test(
  'pages and programs run it instead of their files, until a file is another one by its time; no shop can change it',
  async () => {
    const files = await Promise.all(
      [PAGE, PROGRAM].map(async (path, at) => {
        const file = join(dataDir, `other-${at}.php`);
        await writeFile(file, ANOTHER_CODE);
        const time = await timeOf(path);
        await utimes(file, time, time);
        return { path, file };
      }),
    );
    const web = await startSite(
      { database, web: image },
      {
        binds: [
          ...files.map(({ file, path }) => `${file}:${path}:ro`),
          ...[code.pages, code.programs].map((id) => `${folderOf(id)}:/var/cache/compiled/${id}:ro`),
        ],
        tmpfs: { '/var/cache/compiled': 'size=64k,mode=1777' },
      },
    );
    const page = async () =>
      (await run(web, ['php', '-r', 'readfile("http://127.0.0.1:8081/health.php");'])).output.trim();
    const program = async () => (await run(web, ['/usr/local/bin/compiled-php', PROGRAM], '[]')).output.trim();

    expect([await page(), await program()]).toEqual(['ok', '[]']);
    for (const id of [code.pages, code.programs]) {
      const place = `/var/cache/compiled/${id}`;
      expect((await run(web, ['touch', `${place}/own`])).exitCode).not.toBe(0);
      expect((await run(web, ['mv', place, `${place}-away`])).exitCode).not.toBe(0);
      expect((await run(web, ['rm', '-r', place])).exitCode).not.toBe(0);
    }
    const before = new Date(Date.now() - MINUTE);
    for (const { file } of files) await utimes(file, before, before);
    expect(await program()).toBe('another code');
    await expect.poll(page, { timeout: 20 * SECOND }).toBe('another code');
  },
  5 * MINUTE,
);

test(
  'a text that many files have is kept once by a shop’s pages',
  async () => {
    const file = join(dataDir, 'counts-texts.php');
    await writeFile(file, COUNTS_TEXTS);
    const web = await startSite(
      { database, web: image },
      {
        binds: [
          `${file}:${PAGE}:ro`,
          ...[code.pages, code.programs].map((id) => `${folderOf(id)}:/var/cache/compiled/${id}:ro`),
        ],
        tmpfs: { '/var/cache/compiled': 'size=64k,mode=1777' },
      },
    );
    const { output } = await run(web, ['php', '-r', 'readfile("http://127.0.0.1:8081/health.php");']);

    expect(Number(output)).toBeGreaterThan(25_000);
  },
  2 * MINUTE,
);

test('an image without a program for it compiles none', async () => {
  expect(await compiled().ensure({ image: database, mounts: [] }, 'a database', never)).toBeUndefined();
});

test(
  'what cannot be compiled is refused, leaves nothing, and is tried again after ten minutes only',
  async () => {
    const empty = join(dataDir, 'empty');
    await mkdir(empty);
    const parts = { image, mounts: [{ source: empty, target: '/usr/local/lib/shop/compile' }] };
    const store = compiled();
    told.length = 0;

    for (const _ of [1, 2]) {
      await expect(store.ensure(parts, 'nothing', never)).rejects.toMatchObject({ code: 'image_refused' });
    }

    expect(told).toEqual(['Compiling nothing']);
    now += 10 * MINUTE;
    await expect(store.ensure(parts, 'nothing', never)).rejects.toMatchObject({ code: 'image_refused' });
    expect(told).toEqual(['Compiling nothing', 'Compiling nothing']);
    expect((await readdir(join(dataDir, 'compiled'))).toSorted()).toEqual([code.name, 'none'].toSorted());
  },
  2 * MINUTE,
);

test('is removed by its name', async () => {
  await compiled().remove(code.name);
  expect(await compiled().list()).toEqual([]);
  await expect(compiled().remove('../data')).rejects.toMatchObject({ code: 'internal_error' });
});
