import { chmod, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createFolderLook } from './look-at-folders.ts';

const USER = { name: 'edge', uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };
let folder: string;
const lookAt = createFolderLook();
const look = async () => (await lookAt([folder], USER)).get(folder);

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'certificate-'));
  await put('fullchain.pem', 'a certificate');
  await put('privkey.pem', 'its key');
  await chmod(join(folder, 'privkey.pem'), 0o640);
});

afterEach(() => rm(folder, { recursive: true, force: true }));

/** As all that writes here does: a new file, in place of the old one. */
async function put(name: string, text: string): Promise<void> {
  await writeFile(join(folder, `.${name}`), text);
  await rename(join(folder, `.${name}`), join(folder, name));
}

test('a certificate whose origin comes to be known, and is told of another then, is told so each time', async () => {
  expect(await look()).toEqual({ folder, isPubliclyTrusted: false });
  const digest = '81acd762140fa692a142822d2fbe4dc6f54bcaa501f68ab37e5aeed0bafe4d99';
  await put('source', `acme\ntrusted publicly\ndigest ${digest}\n`);
  expect(await look()).toEqual({ folder, isPubliclyTrusted: true });
  expect(await look()).toEqual({ folder, isPubliclyTrusted: true });
  await put('fullchain.pem', 'another certificate');
  expect(await look()).toEqual({ folder, isPubliclyTrusted: false });
});

test('what the edge could not show is missed at once, also where it was there a moment before', async () => {
  expect(await look()).toBeDefined();
  await chmod(join(folder, 'privkey.pem'), 0o600);
  expect(await look()).toBeUndefined();
  await chmod(join(folder, 'privkey.pem'), 0o640);
  expect(await look()).toBeDefined();
  await rm(join(folder, 'fullchain.pem'));
  expect(await look()).toBeUndefined();
});
