import {
  link,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  readlink,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { findTools } from '../../src/adapters/docker/engine-tools.ts';
import { createComposeFiles, renderEnv } from '../../src/adapters/filesystem/compose-files.ts';
import { createMailSpool } from '../../src/adapters/filesystem/mail-spool.ts';
import { pathBelow } from '../../src/adapters/filesystem/path-below.ts';
import { createSecretFiles } from '../../src/adapters/filesystem/secret-files.ts';
import { createStoreDirectories } from '../../src/adapters/filesystem/store-directories.ts';
import { writeFileAtomically } from '../../src/adapters/filesystem/write-file-atomically.ts';
import { runCommand } from '../../src/adapters/process/run-command.ts';
import { composeVariablesOf } from '../../src/app/store-facts.ts';
import { directoryOf } from '../../src/domain/names.ts';
import type { PlatformName } from '../../src/domain/store.ts';
import { packageRoot } from '../../src/lib/package-root.ts';
import { STACKS, stackOf } from '../../src/stacks/index.ts';
import { aMadeStore, STORES_CONFIG, serviceNamesOf } from '../fakes/a-made-store.ts';
import { aStore } from '../fakes/fake-world.ts';
import { DATA_DIR } from '../setup/places.ts';

const store = aStore({ id: 'sto_files', customerId: 'cus_files', uid: 200_123 });
const secrets = {
  'db-root-password': 'root-secret',
  'db-password': 'db-secret',
  'application-salts': '{}',
  'admin-password': 'admin-secret',
};
let customersDir: string;

beforeEach(async () => {
  customersDir = await mkdtemp(join(tmpdir(), 'shop-files-'));
});
afterEach(() => rm(customersDir, { recursive: true, force: true }));

const modeOf = async (path: string): Promise<string> => ((await stat(path)).mode & 0o777).toString(8);

describe('folders of a store', () => {
  test('data belongs to the store, all above it to root, and people find it by customer', async () => {
    const directories = createStoreDirectories({ customersDir });
    await directories.ensure(store, ['uploads']);
    await directories.ensure(store, ['uploads']);

    const root = join(customersDir, 'stores/sto_files');
    expect([await modeOf(root), (await stat(root)).uid]).toEqual(['750', 0]);
    expect([await modeOf(join(root, 'data/uploads')), (await stat(join(root, 'data/uploads'))).uid]).toEqual([
      '750',
      200_123,
    ]);
    expect(await readlink(join(customersDir, 'customer-cus_files/sto_files'))).toBe('../stores/sto_files');
  });

  test('removing follows no symlink and leaves other stores of the customer alone', async () => {
    const directories = createStoreDirectories({ customersDir });
    const other = { ...store, id: 'sto_other' };
    await directories.ensure(store, ['uploads']);
    await directories.ensure(other, ['uploads']);
    await symlink(
      join(customersDir, 'stores/sto_other/data'),
      join(customersDir, 'stores/sto_files/data/uploads/trap'),
    );

    await directories.remove(store);
    await directories.remove(store);

    expect(await readdir(join(customersDir, 'stores'))).toEqual(['sto_other']);
    expect(await readdir(join(customersDir, 'stores/sto_other/data'))).toEqual(['uploads']);
    expect(await readdir(join(customersDir, 'customer-cus_files'))).toEqual(['sto_other']);
  });

  test('the last store takes the customer’s folder along', async () => {
    const directories = createStoreDirectories({ customersDir });
    await directories.ensure(store, []);
    await directories.remove(store);
    expect(await readdir(customersDir)).toEqual(['stores']);
  });

  test.each(['../outside', '..', '', 'a/../../b', '/etc'])('%j is not below the root', async (path) => {
    if (path === '/etc') expect(await pathBelow(customersDir, path)).toBe(join(customersDir, 'etc'));
    else await expect(pathBelow(customersDir, path)).rejects.toMatchObject({ code: 'internal_error' });
  });

  test('a path through a symlink is refused', async () => {
    await symlink('/etc', join(customersDir, 'stores'));
    await expect(createStoreDirectories({ customersDir }).remove(store)).rejects.toMatchObject({
      code: 'internal_error',
    });
  });
});

describe('secret files', () => {
  const layout = {
    web: { secrets: { 'db-password': 'db-password' } },
    db: { secrets: { root: 'db-root-password' } },
  } as const;

  test('each service has its own folder, 0400, owned by the store, and nothing else in it', async () => {
    const files = createSecretFiles({ customersDir, layoutOf: () => layout });
    await createStoreDirectories({ customersDir }).ensure(store, []);
    const folder = join(customersDir, 'stores/sto_files/secrets');
    await mkdir(join(folder, 'web'), { recursive: true });
    await writeFile(join(folder, 'web/left-by-a-crash.tmp'), 'x');

    await files.write(store, secrets);

    expect(await readdir(join(folder, 'web'))).toEqual(['db-password']);
    expect(await readFile(join(folder, 'web/db-password'), 'utf8')).toBe('db-secret');
    expect([await modeOf(join(folder, 'web/db-password')), (await stat(join(folder, 'web/db-password'))).uid]).toEqual([
      '400',
      200_123,
    ]);
    expect(await modeOf(join(folder, 'web'))).toBe('500');
    await files.remove(store);
    await expect(stat(folder)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  test('one that is kept stays as it stands, and is written where there is none', async () => {
    const files = createSecretFiles({ customersDir, layoutOf: () => layout });
    const written = (file: string) => readFile(join(customersDir, 'stores/sto_files/secrets', file), 'utf8');
    await files.write(store, secrets, ['db-password']);
    expect(await written('web/db-password')).toBe('db-secret');

    await files.write(store, { 'db-password': 'another', 'db-root-password': 'another' }, ['db-password']);

    expect([await written('web/db-password'), await written('db/root')]).toEqual(['db-secret', 'another']);
    await files.remove(store);
  });
});

describe('compose files', () => {
  test('equal bytes are left alone, so a repair touches nothing', async () => {
    const template = join(customersDir, 'template.yml');
    await writeFile(template, 'services: {}\n');
    await createStoreDirectories({ customersDir }).ensure(store, []);
    const files = createComposeFiles({
      customersDir,
      templateOf: () => template,
      variablesOf: () => ({ STORE_ID: store.id }),
    });
    const path = join(customersDir, 'stores/sto_files/compose.yml');

    await files.write(store);
    const before = await lstat(path);
    await files.write(store);

    expect((await lstat(path)).ino).toBe(before.ino);
    expect(await readFile(join(customersDir, 'stores/sto_files/.env'), 'utf8')).toBe('STORE_ID=sto_files\n');
  });

  test.each(
    (Object.keys(STACKS) as PlatformName[]).flatMap((platform) => [
      { platform, optional: false },
      { platform, optional: true },
    ]),
  )('Compose finds no fault in the one of $platform (optional services: $optional)', async ({ platform, optional }) => {
    const services = serviceNamesOf(platform, { optional });
    const made = aMadeStore(platform, services);
    await createStoreDirectories({ customersDir }).ensure(made, []);
    const files = createComposeFiles({
      customersDir,
      templateOf: () => join(packageRoot(), 'stacks', stackOf(platform).folder, 'compose.yml'),
      variablesOf: (one) => composeVariablesOf(STORES_CONFIG, one),
    });
    const root = join(customersDir, directoryOf(made));
    const config = (...options: string[]) =>
      runCommand({ path: findTools(DATA_DIR).compose ?? '' }, ['--project-directory', root, 'config', ...options]);

    await files.write(made);
    expect(await config('--quiet')).toMatchObject({ exitCode: 0, stdout: '', stderr: '' });
    expect((await config('--services')).stdout.trim().split('\n').sort()).toEqual(services.toSorted());

    await writeFile(join(root, '.env'), '');
    await expect(config('--quiet')).rejects.toMatchObject({ stderrTail: expect.stringMatching(/STORE_ID/) });
  });

  test.each(['a\nB=1', '$HOME', 'a b', "it's", 'a#b'])('a value like %j never gets into a .env file', (value) => {
    expect(() => renderEnv({ NAME: value })).toThrow('cannot be written');
  });
});

describe('writing atomically', () => {
  test('a failure leaves the old file and nothing beside it', async () => {
    const path = join(customersDir, 'file');
    await writeFileAtomically(path, 'old', { mode: 0o600 });
    await expect(writeFileAtomically(path, 'new', { mode: 0o600, uid: -5 })).rejects.toThrow();
    expect(await readFile(path, 'utf8')).toBe('old');
    expect(await readdir(customersDir)).toEqual(['file']);
  });
});

describe('a full disk', () => {
  test('is told by its name, and the old files stand', async () => {
    await runCommand({ path: '/usr/bin/mount' }, ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', customersDir]);
    try {
      const template = join('/tmp', `shop-template-${process.pid}.yml`);
      await writeFile(template, 'services: {}\n');
      await createStoreDirectories({ customersDir }).ensure(store, []);
      const files = createComposeFiles({ customersDir, templateOf: () => template, variablesOf: () => ({}) });
      await files.write(store);
      await writeFile(template, `# ${'x'.repeat(200_000)}\n`);

      await expect(files.write(store)).rejects.toMatchObject({ code: 'disk_full', retryable: true });

      const root = join(customersDir, 'stores/sto_files');
      expect(await readFile(join(root, 'compose.yml'), 'utf8')).toBe('services: {}\n');
      expect((await readdir(root)).filter((name) => name.endsWith('.tmp'))).toEqual([]);
      await rm(template);
    } finally {
      await runCommand({ path: '/usr/bin/umount' }, [customersDir]);
    }
  });
});

describe('the mail spool of a shop', () => {
  test('plain files are mails; links, pipes, folders and giants are removed unread', async () => {
    await createStoreDirectories({ customersDir }).ensure(store, ['mail']);
    const folder = join(customersDir, 'stores/sto_files/data/mail');
    await writeFile(join(folder, 'b.eml'), 'second');
    await writeFile(join(folder, 'a.eml'), 'first');
    await writeFile(join(folder, 'c.tmp'), 'not finished');
    await symlink('/etc/shadow', join(folder, 'd.eml'));
    await writeFile(join(customersDir, 'secret'), 'x');
    await link(join(customersDir, 'secret'), join(folder, 'e.eml'));
    await mkdir(join(folder, 'f.eml'));
    await writeFile(join(folder, 'g.eml'), Buffer.alloc(11 * 1024 * 1024));
    const spool = createMailSpool({ customersDir });

    const mails: string[][] = [];
    for await (const { id, raw } of spool.take(store)) mails.push([id, raw.toString()]);

    expect(mails).toEqual([
      ['a', 'first'],
      ['b', 'second'],
    ]);
    await spool.remove(store, 'a');
    // A folder is left alone: what root removes below it could be exchanged for a way out meanwhile.
    expect(await readdir(folder)).toEqual(['b.eml', 'c.tmp', 'f.eml']);
    expect(await readFile(join(customersDir, 'secret'), 'utf8')).toBe('x');
  });
});
