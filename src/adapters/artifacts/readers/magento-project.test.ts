import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { pack } from 'tar-stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { magentoProject } from '../../../../test/fakes/magento-project.ts';
import { zip } from '../../../../test/fakes/zip.ts';
import { createArtifactStore } from '../artifact-store.ts';
import { recognise } from '../recognise.ts';

const SIGNAL = AbortSignal.timeout(60_000);

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'magento-'));
  await mkdir(join(folder, 'artifacts'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const keep = async (name: string, content: Buffer): Promise<string> => {
  await writeFile(join(folder, name), content);
  return join(folder, name);
};
const store = () =>
  createArtifactStore({
    artifactsDir: join(folder, 'artifacts'),
    dataDir: join(folder, 'data'),
    apt: { download: () => Promise.reject(new Error('no network')), debianArchives: async () => [] },
    onProgress: () => undefined,
  });
const without = (files: Record<string, string>, path: RegExp): Record<string, string> =>
  Object.fromEntries(Object.entries(files).filter(([name]) => !path.test(name)));
const refusal = async (content: Buffer): Promise<string> => {
  const error: unknown = await recognise(await keep('archive', content), SIGNAL).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code: 'artifact_refused' });
  return (error as Error).message;
};

describe('a project of Magento', () => {
  it.each([
    ['in a folder of any name', 'some-shop/', 'some-shop'],
    ['in no folder', '', ''],
  ])('is recognised %s, in zip and in tar', async (_, top, expected) => {
    const files = magentoProject({ top });
    const found = {
      version: '2.4.7-p7',
      top: expected,
      entry: { name: 'magento' },
      facts: { edition: 'Magento Open Source', php: '~8.1.0||~8.2.0||~8.3.0' },
    };

    expect(await recognise(await keep('a', zip(files)), SIGNAL)).toMatchObject(found);
    expect(await recognise(await keep('b', gzipSync(await tar(files))), SIGNAL)).toMatchObject(found);
  });

  it.each([
    ['magento/product-enterprise-edition', 'Adobe Commerce'],
    ['mage-os/product-community-edition', 'Mage-OS'],
  ])('%s is %s', async (product, edition) => {
    const file = await keep('a', zip(magentoProject({ product, version: '1.1.0' })));

    expect(await recognise(file, SIGNAL)).toMatchObject({ version: '1.1.0', facts: { edition } });
  });

  it('says which databases it accepts', async () => {
    const { facts } = await recognise(await keep('a', zip(magentoProject())), SIGNAL);

    expect(facts.databases).toEqual({
      'MySQL-8': '^8\\.0\\.',
      'MariaDB-(10.2-10.11)': '^10\\.([2-9]|10|11)\\.',
    });
  });

  it('says which search engines it speaks to, by its modules', async () => {
    const file = await keep('a', zip(magentoProject({ searchEngines: ['opensearch', 'elasticsearch8'] })));

    expect((await recognise(file, SIGNAL)).facts.searchEngines).toEqual(['elasticsearch8', 'opensearch']);
  });

  it('is unpacked without what the image makes anew, without links in vendor/bin and without keys', async () => {
    await keep(
      'artifacts/a.tar.gz',
      gzipSync(
        await tar(
          {
            ...magentoProject({ top: '' }),
            'auth.json': '{}',
            'var/log/system.log': 'x',
            'var/.htaccess': 'x',
            'pub/static/frontend/a.js': 'x',
          },
          { 'vendor/bin/tool': '../somewhere/tool' },
        ),
      ),
    );

    const { path, facts } = await store().unpacked('magento', SIGNAL);

    expect((await readdir(path)).sort()).toEqual(
      ['app', 'bin', 'composer.json', 'composer.lock', 'pub', 'var', 'vendor'].sort(),
    );
    expect(await readdir(join(path, 'var'))).toEqual(['.htaccess']);
    expect(await readdir(join(path, 'vendor'))).not.toContain('bin');
    expect(facts.php).toBe('~8.1.0||~8.2.0||~8.3.0');
  });

  it('is looked at once, and not again where it is kept', async () => {
    const file = await keep('download', zip(magentoProject()));
    await store().add(file, SIGNAL);
    const kept = join(folder, 'artifacts/magento-2.4.7-p7.zip');
    const known = await readFile(join(folder, 'data/applications/known-files.json'), 'utf8');

    expect(Object.keys(JSON.parse(known) as object)).toContain(kept);
    expect(await store().find('magento')).toMatchObject({ version: '2.4.7-p7', present: true });
    expect(await readFile(join(folder, 'data/applications/known-files.json'), 'utf8')).toBe(known);
  });
});

describe('what cannot be hosted is refused in one sentence', () => {
  it.each([
    ['Magento 1', zip({ 'magento/app/Mage.php': '<?php' }), /is Magento 1 \(app\/Mage\.php\)/],
    [
      "somebody's env.php",
      zip({ ...magentoProject(), 'magento/app/etc/env.php': '<?php return [];' }),
      /holds app\/etc\/env\.php, somebody's passwords/,
    ],
    ['a project without vendor', zip(without(magentoProject(), /vendor/)), /without its vendor\/ folder/],
    ['a project without its lock', zip(without(magentoProject(), /lock/)), /without composer\.lock/],
    ['half a project', zip(without(magentoProject(), /bin\/magento/)), /only half of it: bin\/magento is missing/],
    [
      'another vendor folder',
      zip({
        ...magentoProject(),
        'magento/vendor/composer/installed.json': JSON.stringify({
          packages: [{ name: 'magento/product-community-edition', version: '2.4.6' }],
        }),
      }),
      /by composer\.lock, but vendor\/ holds 2\.4\.6/,
    ],
    [
      'a PHP that is nowhere here',
      zip(magentoProject({ version: '2.4.5', php: '~7.4.0||~8.1.0' })),
      /asks for PHP ~7\.4\.0\|\|~8\.1\.0; here there is PHP 8\.4 and 8\.2/,
    ],
    [
      'the source repository',
      zip({ 'm/composer.json': '{"name": "magento/magento2ce"}', 'm/composer.lock': '{"packages":[]}' }),
      /source repository/,
    ],
  ])('%s', async (_, content, message) => {
    expect(await refusal(content)).toMatch(message);
  });

  it('an archive that is cut off', async () => {
    const whole = gzipSync(await tar({ ...magentoProject(), 'magento/vendor/z': 'x'.repeat(5000) }));

    expect(await refusal(whole.subarray(0, whole.length - 30))).toMatch(/cut off/);
  });

  it('a bomb of 3 GB, before its content is read', async () => {
    const bomb = pack();
    bomb.entry({ name: 'magento/vendor/bomb', size: 3_000_000_000 });
    const [header] = (await once(bomb, 'data')) as [Buffer];
    bomb.destroy();

    expect(await refusal(gzipSync(header))).toMatch(/holds more than 2000 MB/);
  });

  it('a way outside, when it is added', async () => {
    const file = await keep('a', zip({ ...magentoProject(), 'magento/../../evil': 'x' }));

    await expect(store().add(file, SIGNAL)).rejects.toMatchObject({
      code: 'artifact_refused',
      message: expect.stringMatching(/relative path|leads outside/) as string,
    });
    expect(await readdir(join(folder, 'artifacts'))).toEqual(['fetched']);
  });

  it('WordPress under its name: the list says what the file is', async () => {
    await keep(
      'artifacts/magento.zip',
      zip({ 'wordpress/wp-includes/version.php': "<?php\n$wp_version = '7.1.4';\n" }),
    );

    const listed = await store().list();

    expect(listed.find(({ name }) => name === 'magento')?.reason).toMatch(/magento\.zip holds WordPress 7\.1\.4/);
  });
});

async function tar(files: Record<string, string>, links: Record<string, string> = {}): Promise<Buffer> {
  const archive = pack();
  for (const [name, linkname] of Object.entries(links)) archive.entry({ name, type: 'symlink', linkname });
  for (const [name, text] of Object.entries(files)) archive.entry({ name }, text);
  archive.finalize();
  return buffer(archive);
}
