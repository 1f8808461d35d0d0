import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { crc32, gzipSync } from 'node:zlib';
import { pack } from 'tar-stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { zip } from '../../../test/fakes/zip.ts';
import { createArtifactStore } from './artifact-store.ts';
import { type ApplicationName, CATALOGUE } from './catalogue.ts';
import { compareVersions } from './compare-versions.ts';
import { copyTreeResolved } from './copy-tree-resolved.ts';
import { packTree } from './pack-tree.ts';
import { recognise } from './recognise.ts';
import { unpack } from './unpack.ts';

const WOOCOMMERCE = `<?php\n/**\n * Plugin Name: WooCommerce\n * Version: 11.0.1\n */\n`;
const WORDPRESS = "<?php\n$wp_version = '7.1.4';\n";
const SIGNAL = AbortSignal.timeout(60_000);

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'artifacts-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const keep = async (name: string, content: Buffer | string): Promise<string> => {
  await writeFile(join(folder, name), content);
  return join(folder, name);
};

describe('an archive is recognised by what is inside', () => {
  it('WooCommerce by its plugin header, whatever the file is called', async () => {
    const file = await keep(
      'holiday.jpg',
      zip({ 'woocommerce/readme.txt': 'x', 'woocommerce/woocommerce.php': WOOCOMMERCE }),
    );

    expect(await recognise(file, SIGNAL)).toMatchObject({
      version: '11.0.1',
      extension: '.zip',
      entry: { name: 'woocommerce' },
    });
  });

  it('WordPress by its version file, packed by gzip too', async () => {
    const file = await keep(
      'x',
      gzipSync(await tar([{ name: './wordpress/wp-includes/version.php', text: WORDPRESS }])),
    );

    expect(await recognise(file, SIGNAL)).toMatchObject({
      version: '7.1.4',
      extension: '.tar.gz',
      entry: { name: 'wordpress' },
    });
  });

  it('wp-cli by the version in the phar', async () => {
    const file = await keep('wp', phar({ 'vendor/autoload.php': '<?php', 'vendor/wp-cli/wp-cli/VERSION': '2.13.0\n' }));

    expect(await recognise(file, SIGNAL)).toMatchObject({
      version: '2.13.0',
      extension: '.phar',
      entry: { name: 'wp-cli' },
    });
  });

  it.each([
    ['opensearch', '2.19.5'],
    ['elasticsearch', '8.17.10'],
  ])('%s by its library, in a folder of any name', async (name, version) => {
    const file = await searchEngine(name, version);

    expect(await recognise(file, SIGNAL)).toMatchObject({ version, top: 'some', entry: { name } });
  });

  it.each([
    ['opensearch', '3.0.0', 2],
    ['elasticsearch', '9.1.2', 8],
  ])('%s %s, which our Java is too old for, is refused', async (name, version, newest) => {
    const file = await searchEngine(name, version);

    await expect(recognise(file, SIGNAL)).rejects.toMatchObject({
      code: 'artifact_refused',
      message: expect.stringContaining(
        `is ${name} ${version}; the Java that is here runs ${name} up to ${newest}`,
      ) as string,
    });
  });

  async function searchEngine(name: string, version: string): Promise<string> {
    const members = [`bin/${name}`, `lib/${name}-core-${version}.jar`, `lib/${name}-${version}.jar`];
    return keep('x', gzipSync(await tar(members.map((path) => ({ name: `some/${path}`, text: 'x' })))));
  }

  it.each([
    ['another plugin', zip({ 'akismet/akismet.php': '<?php /* Plugin Name: Akismet\nVersion: 5 */' })],
    [
      'a plugin that only mentions it',
      zip({ 'woocommerce/woocommerce.php': '<?php\n * Plugin Name: WooCommerce Fake\n * Version: 1.0\n' }),
    ],
    ['a text', Buffer.from('hello')],
    ['nothing', Buffer.alloc(0)],
  ])('%s is none of ours', async (_, content) => {
    const file = await keep('file', content);

    await expect(recognise(file, SIGNAL)).rejects.toMatchObject({
      code: 'artifact_refused',
      message: expect.stringMatching(/no archive of/) as string,
    });
  });

  it('a phar that was altered is refused by its own signature', async () => {
    const bytes = phar({ 'vendor/wp-cli/wp-cli/VERSION': '2.13.0\n' });
    bytes.write('9', bytes.indexOf('2.13.0'));
    const file = await keep('wp', bytes);

    await expect(recognise(file, SIGNAL)).rejects.toMatchObject({
      code: 'artifact_refused',
      message: expect.stringMatching(/signature does not fit/) as string,
    });
  });
});

describe('unpacking', () => {
  const most = { files: 20, bytes: 100_000 };
  const entry = { name: 'woocommerce', form: 'tree', top: 'woocommerce', most } as const;
  const into = async (): Promise<string> => mkdtemp(join(folder, 'into-'));
  const refusal = async (content: Buffer): Promise<string> => {
    const target = await into();
    const error: unknown = await unpack(await keep('archive', content), target, entry, SIGNAL).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).toMatchObject({ code: 'artifact_refused' });
    return (error as Error).message;
  };

  it('leaves the one top folder out and writes plain files', async () => {
    const target = await into();
    await unpack(
      await keep('a', zip({ 'woocommerce/a.php': 'A', 'woocommerce/b/c.php': 'C', 'woocommerce/e/': '' })),
      target,
      entry,
      SIGNAL,
    );

    expect(await readFile(join(target, 'b/c.php'), 'utf8')).toBe('C');
    expect((await readdir(target)).sort()).toEqual(['a.php', 'b', 'e']);
  });

  const CHANGED = new Date('2024-05-06T07:08:10Z');
  const HAS_NONE = new Date('1980-01-01T00:00:00Z');
  it.each<[string, Buffer | Promise<Buffer>, Date]>([
    ['a zip', zip({ 'woocommerce/a.php': 'A' }, undefined, CHANGED), CHANGED],
    ['a tar', tar([{ name: 'woocommerce/a.php', text: 'A', mtime: CHANGED }]), CHANGED],
    ['a zip that tells none', zip({ 'woocommerce/a.php': 'A' }), HAS_NONE],
    ['a tar from 1970', tar([{ name: 'woocommerce/a.php', text: 'A', mtime: new Date(0) }]), HAS_NONE],
    ['a tar from the future', tar([{ name: 'woocommerce/a.php', text: 'A', mtime: in10Years() }]), HAS_NONE],
  ])('gives files the times of %s, so that code compiled of them stays good', async (_, archive, time) => {
    const target = await into();
    await unpack(await keep('a', await archive), target, entry, SIGNAL);

    expect((await stat(join(target, 'a.php'))).mtime).toEqual(time);
  });

  it('refuses every way outside', async () => {
    expect(await refusal(zip({ 'woocommerce/../../evil': 'x' }))).toMatch(/relative path|leads outside/);
    expect(await refusal(zip({ '/etc/evil': 'x' }))).toMatch(/absolute path|leads outside/);
    expect(await refusal(zip({ 'elsewhere/evil': 'x' }))).toMatch(/outside woocommerce\//);
    expect(await refusal(await tar([{ name: 'woocommerce/../../evil', text: 'x' }]))).toMatch(/leads outside/);
    expect(await refusal(await tar([{ name: 'woocommerce/a\nb', text: 'x' }]))).toMatch(/forbidden character/);
    expect(existsSync(join(folder, '..', 'evil'))).toBe(false);
  });

  it('refuses links and devices, in zip and in tar', async () => {
    expect(await refusal(zip({ 'woocommerce/link': '/etc/passwd' }, 0o120777))).toMatch(/holds a link/);
    expect(await refusal(await tar([{ name: 'woocommerce/l', type: 'symlink', linkname: '/etc' }]))).toMatch(
      /holds a link/,
    );
    expect(await refusal(await tar([{ name: 'woocommerce/l', type: 'link', linkname: 'woocommerce/x' }]))).toMatch(
      /holds a link/,
    );
    expect(await refusal(await tar([{ name: 'woocommerce/d', type: 'character-device' }]))).toMatch(/special file/);
  });

  it('refuses more than the real one ever held', async () => {
    expect(await refusal(zip({ 'woocommerce/bomb': 'x'.repeat(100_001) }))).toMatch(/more than/);
    expect(
      await refusal(zip(Object.fromEntries(Array.from({ length: 21 }, (_, n) => [`woocommerce/${n}`, ''])))),
    ).toMatch(/more than 20 files/);
  });

  it('refuses halves and damage', async () => {
    const whole = zip({ 'woocommerce/a.php': 'A'.repeat(500) });
    const damaged = Buffer.from(whole);
    damaged.writeUInt8(damaged.readUInt8(50) ^ 0xff, 50);
    const packed = gzipSync(await tar([{ name: 'woocommerce/a.php', text: 'A'.repeat(5000) }]));

    expect(await refusal(whole.subarray(0, whole.length - 30))).toMatch(/cut off/);
    expect(await refusal(damaged)).toMatch(/damaged/);
    expect(await refusal(packed.subarray(0, packed.length - 20))).toMatch(/cut off/);
  });

  it('refuses a name that comes twice', async () => {
    const twice = await tar([
      { name: 'woocommerce/a', text: '1' },
      { name: 'woocommerce/a', text: '2' },
    ]);

    expect(await refusal(twice)).toMatch(/twice/);
  });
});

describe('the store', () => {
  const store = (pins: Readonly<Partial<Record<ApplicationName, string>>> = {}) =>
    createArtifactStore({
      pins,
      artifactsDir: join(folder, 'artifacts'),
      dataDir: join(folder, 'data'),
      apt: { download: () => Promise.reject(new Error('no network')), debianArchives: async () => [] },
      onProgress: () => undefined,
    });

  it('finds what an operator put there, unpacks it once, and prefers the higher version', async () => {
    await mkdir(join(folder, 'artifacts'));
    await keep('artifacts/a', zip({ 'woocommerce/woocommerce.php': WOOCOMMERCE.replace('11.0.1', '9.10.0') }));
    await keep('artifacts/b', zip({ 'woocommerce/woocommerce.php': WOOCOMMERCE }));
    const found = await store().find('woocommerce');
    const first = await store().unpacked('woocommerce', SIGNAL);
    await writeFile(join(first.path, 'mark'), '');
    const second = await store().unpacked('woocommerce', SIGNAL);

    expect(found).toMatchObject({ version: '11.0.1', present: true, source: 'b' });
    expect(first.path).toMatch(/data\/applications\/woocommerce-11\.0\.1-[0-9a-f]{12}$/);
    expect(existsSync(join(second.path, 'mark'))).toBe(true);
  });

  it('says of each missing application why, with the cure, and names a file that cannot be used', async () => {
    await mkdir(join(folder, 'artifacts'));
    await keep('artifacts/woocommerce.zip', zip({ 'woocommerce/woocommerce.php': WOOCOMMERCE }).subarray(0, 60));
    const woocommerce = (await store().list()).find(({ name }) => name === 'woocommerce');

    expect(woocommerce).toMatchObject({ present: false, sha256: null });
    expect(woocommerce?.reason).toMatch(
      /woocommerce\.zip is refused: it is cut off.*Put woocommerce\.zip into .*allow downloads\.wordpress\.org/,
    );
  });

  it('keeps an added archive under its real name, and nothing of a refused one', async () => {
    const good = await keep('download (3).bin', zip({ 'woocommerce/woocommerce.php': WOOCOMMERCE }));
    const bad = await keep('bad', zip({ 'woocommerce/woocommerce.php': WOOCOMMERCE, 'woocommerce/../evil': 'x' }));

    expect(await store().add(good, SIGNAL)).toMatchObject({ name: 'woocommerce', version: '11.0.1', present: true });
    await expect(store().add(bad, SIGNAL)).rejects.toMatchObject({ code: 'artifact_refused' });
    expect((await readdir(join(folder, 'artifacts'))).sort()).toEqual(['fetched', 'woocommerce-11.0.1.zip']);
    expect(await readdir(join(folder, 'artifacts/fetched'))).toEqual([]);
  });

  it('uses no archive but the one whose sum the operator has named, and keeps no other', async () => {
    await mkdir(join(folder, 'artifacts'));
    const archive = zip({ 'woocommerce/woocommerce.php': WOOCOMMERCE });
    const file = await keep('artifacts/woocommerce.zip', archive);
    const sum = createHash('sha256').update(archive).digest('hex');
    const other = 'ab'.repeat(32);

    expect(await store({ woocommerce: sum }).find('woocommerce')).toMatchObject({ sha256: sum, present: true });
    const wary = store({ woocommerce: other });
    expect(await wary.find('woocommerce')).toBeUndefined();
    expect((await wary.whyMissing('woocommerce'))?.reason).toContain(`its sha256 is ${sum}, not ${other}`);
    await expect(wary.add(file, SIGNAL)).rejects.toMatchObject({
      code: 'artifact_refused',
      message: expect.stringContaining(`not ${other}`) as string,
    });
  });

  it('refuses an archive that claims a pinned version but is not the pinned one', async () => {
    const file = await keep('wp', phar({ 'vendor/wp-cli/wp-cli/VERSION': '2.12.0\n' }));

    await expect(store().add(file, SIGNAL)).rejects.toMatchObject({
      code: 'artifact_refused',
      message: expect.stringContaining(`not ${CATALOGUE['wp-cli'].pins['2.12.0'] ?? '?'}`) as string,
    });
  });
});

describe('a tree', () => {
  it('packs to the same bytes, whatever its times are', async () => {
    await mkdir(join(folder, 'tree/b'), { recursive: true });
    await keep('tree/b/file', 'x');
    await keep('tree/a', 'y');
    await packTree(join(folder, 'tree'), 'wordpress', join(folder, 'one'));
    await rm(join(folder, 'tree/a'));
    await keep('tree/a', 'y');
    await packTree(join(folder, 'tree'), 'wordpress', join(folder, 'two'));

    expect(await readFile(join(folder, 'one'))).toEqual(await readFile(join(folder, 'two')));
  });

  it('is copied with its links resolved inside the given root, and never beyond it', async () => {
    await mkdir(join(folder, 'root/usr/share/wordpress'), { recursive: true });
    await mkdir(join(folder, 'root/usr/share/js'));
    await keep('root/usr/share/js/jquery.js', 'jq');
    await symlink('/usr/share/js', join(folder, 'root/usr/share/wordpress/js'));
    await copyTreeResolved(join(folder, 'root/usr/share/wordpress'), join(folder, 'copy'), join(folder, 'root'));
    await symlink('../../../../etc', join(folder, 'root/usr/share/wordpress/out'));

    expect(await readFile(join(folder, 'copy/js/jquery.js'), 'utf8')).toBe('jq');
    await expect(
      copyTreeResolved(join(folder, 'root/usr/share/wordpress'), join(folder, 'copy2'), join(folder, 'root')),
    ).rejects.toMatchObject({ code: 'artifact_refused' });
  });
});

it('versions compare as people read them', () => {
  const sorted = ['9.10.0', '11.0.1', '11.1.0-rc.1', '11.0.10', '11.1.0', '9.9'].sort(compareVersions);

  expect(sorted).toEqual(['9.9', '9.10.0', '11.0.1', '11.0.10', '11.1.0-rc.1', '11.1.0']);
});

async function tar(
  members: readonly {
    name: string;
    text?: string;
    type?: 'symlink' | 'link' | 'character-device';
    linkname?: string;
    mtime?: Date;
  }[],
): Promise<Buffer> {
  const archive = pack();
  for (const { text, ...header } of members) archive.entry(header, text ?? '');
  archive.finalize();
  return buffer(archive);
}

function in10Years(): Date {
  const date = new Date();
  date.setUTCFullYear(date.getUTCFullYear() + 10);
  return date;
}

/** A phar as PHP's manual describes it, signed by SHA-256. */
function phar(files: Record<string, string>): Buffer {
  const u32 = (value: number): Buffer => {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32LE(value);
    return bytes;
  };
  const entries = Object.entries(files).map(([name, text]) =>
    Buffer.concat([
      u32(name.length),
      Buffer.from(name),
      u32(text.length),
      u32(0),
      u32(text.length),
      u32(crc32(text)),
      u32(0o644),
      u32(0),
    ]),
  );
  const alias = Buffer.from('wp-cli.phar');
  const manifest = Buffer.concat([
    u32(entries.length),
    Buffer.from([0x11, 0]),
    u32(0x10000),
    u32(alias.length),
    alias,
    u32(0),
    ...entries,
  ]);
  const stub = Buffer.from('#!/usr/bin/env php\n<?php\n__HALT_COMPILER(); ?>\r\n');
  const content = Buffer.concat([
    stub,
    u32(manifest.length),
    manifest,
    ...Object.values(files).map((text) => Buffer.from(text)),
  ]);
  return Buffer.concat([content, createHash('sha256').update(content).digest(), u32(3), Buffer.from('GBMB')]);
}
