import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { extract } from 'tar-stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bootstrapArguments } from './base-images.ts';
import { contextKey, packContext, readContext } from './build-context.ts';
import { withTag } from './pull-image.ts';
import { parseVersions } from './read-versions.ts';
import { foundationOf, offLine } from './release-lines.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'context-'));
  await mkdir(join(folder, 'bin'));
  await writeFile(join(folder, 'Dockerfile'), 'FROM scratch\n', { mode: 0o600 });
  await writeFile(join(folder, 'bin/entrypoint'), '#!/bin/sh\n', { mode: 0o750 });
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const EXTRA = { path: 'artifacts/wordpress', version: '7.1.4', sha256: 'aa' };
const keyOf = async (facts: Partial<Parameters<typeof contextKey>[0]> = {}): Promise<string> =>
  contextKey({ name: 'mysql', base: 'sid', extras: [], ...facts }, await readContext(folder));

describe('the content key', () => {
  it('stays the same whatever umask and clock the checkout had', async () => {
    const before = await keyOf();
    await rm(join(folder, 'Dockerfile'));
    await writeFile(join(folder, 'Dockerfile'), 'FROM scratch\n', { mode: 0o644 });

    expect(await keyOf()).toBe(before);
    expect(before).toMatch(/^[0-9a-f]{12}$/);
  });

  it('changes with a file, its name, its executable bit, the base, what is put in besides, and the arguments', async () => {
    const keys = new Set([await keyOf(), await keyOf({ base: 'trixie' }), await keyOf({ name: 'redis' })]);
    keys.add(await keyOf({ extras: [EXTRA] }));
    keys.add(await keyOf({ extras: [{ ...EXTRA, sha256: 'bb' }] }));
    keys.add(await keyOf({ buildArgs: { LOCALES: 'en_US' } }));
    keys.add(await keyOf({ buildArgs: { LOCALES: 'de_DE' } }));
    await writeFile(join(folder, 'bin/second'), '');
    keys.add(await keyOf());
    await rm(join(folder, 'bin/second'));
    await writeFile(join(folder, 'bin/second'), '', { mode: 0o755 });
    keys.add(await keyOf());
    await writeFile(join(folder, 'Dockerfile'), 'FROM other\n');
    keys.add(await keyOf());

    expect(keys.size).toBe(10);
  });
});

it('the context holds our files with two modes only, and the artifacts below their names', async () => {
  const tree = await mkdtemp(join(folder, '..', 'tree-'));
  await mkdir(join(tree, 'wp-includes'));
  await writeFile(join(tree, 'wp-includes/version.php'), '<?php');
  // As on a machine whose archives are unpacked on another disk.
  const from = `${tree}-elsewhere`;
  await symlink(tree, from);
  const archive = packContext(await readContext(folder), [{ ...EXTRA, from }]);
  const seen: string[] = [];
  const reader = extract();
  Readable.from([await buffer(archive)]).pipe(reader);
  for await (const { header } of Readable.from(reader) as AsyncIterable<{ header: { name: string; mode: number } }>) {
    seen.push(`${header.name} ${header.mode.toString(8)}`);
  }
  await rm(from);
  await rm(tree, { recursive: true });

  expect(seen).toEqual(['Dockerfile 644', 'bin/entrypoint 755', 'artifacts/wordpress/wp-includes/version.php 644']);
});

it('the context holds what the Dockerfile copies from the shared folder, and nothing else of it', async () => {
  const images = await mkdtemp(join(tmpdir(), 'images-'));
  await mkdir(join(images, 'shop'));
  await mkdir(join(images, 'shared'));
  await writeFile(join(images, 'shop/Dockerfile'), 'FROM scratch\nCOPY shared/a shared/b /lib/\nRUN cat shared/c\n');
  for (const name of ['a', 'b', 'c']) await writeFile(join(images, 'shared', name), name, { mode: 0o755 });
  const files = await readContext(join(images, 'shop'));
  await rm(images, { recursive: true });

  expect(files.map(({ path, mode }) => `${path} ${mode.toString(8)}`)).toEqual([
    'Dockerfile 644',
    'shared/a 755',
    'shared/b 755',
  ]);
});

describe('the release line', () => {
  it('lets newer builds of a line in, and no other line', () => {
    const mysql = foundationOf('mysql', {});
    expect(offLine(mysql, { mysql: '9.7.11' })).toBeUndefined();
    expect(offLine(mysql, { mysql: '9.70.1' })).toMatch(/mysql 9\.70\.1, this release is made for 9\.7\.x/);
    expect(offLine(mysql, { mysql: '10.0.1' })).toMatch(/made for 9\.7/);
    expect(offLine(foundationOf('redis', {}), {})).toMatch(/does not say which redis/);
  });

  it.each([
    ['~8.1.0||~8.2.0||~8.3.0', 'bookworm', '8.2'],
    ['~8.3.0||~8.4.0', 'trixie', '8.4'],
    ['~8.2.0||~8.3.0||~8.4.0', 'trixie', '8.4'],
    ['^8.1', 'trixie', '8.4'],
    ['>=8.1 <8.4', 'bookworm', '8.2'],
  ])('a Magento that wants PHP %s stands on %s', (php, base, version) => {
    expect(foundationOf('magento', { php })).toMatchObject({
      base,
      line: { php: `${version}.` },
      buildArgs: { PHP_VERSION: version },
    });
  });

  it('reads versions line by line and nothing else that an image may say', () => {
    const said = 'php=8.4.16\r\nwp-cli=2.12.0\nEvil=1\nname=$(reboot)\n=x\nmysql=9.7.4-2\n';

    expect(parseVersions(said)).toEqual({ php: '8.4.16', 'wp-cli': '2.12.0', mysql: '9.7.4-2' });
  });
});

describe('bootstrapping', () => {
  it("uses the machine's own archives, and Debian's where it names none a container could reach", () => {
    const own = bootstrapArguments('trixie', '/b.tar', [
      'http://mirror.example/debian/',
      'http://mirror.example/debian-security/',
    ]);
    const none = bootstrapArguments('trixie', '/b.tar', ['file:/srv/mirror']);

    expect(own).toContain('deb http://mirror.example/debian trixie main');
    expect(own).toContain('deb http://mirror.example/debian-security trixie-security main');
    expect(none).toContain('deb http://deb.debian.org/debian trixie-updates main');
  });

  it('accepts an old release file of sid only', () => {
    const hasOption = (name: 'sid' | 'trixie'): boolean =>
      bootstrapArguments(name, '/b.tar', []).includes('--aptopt=Acquire::Check-Valid-Until "false"');

    expect([hasOption('sid'), hasOption('trixie')]).toEqual([true, false]);
  });
});

it.each([
  ['debian', 'debian:latest'],
  ['registry.example:5000/team/redis', 'registry.example:5000/team/redis:latest'],
  ['redis:8', 'redis:8'],
  ['redis@sha256:0123', 'redis@sha256:0123'],
])('%s is pulled as %s', (reference, expected) => {
  expect(withTag(reference)).toBe(expected);
});
