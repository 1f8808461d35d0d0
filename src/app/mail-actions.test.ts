import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { magento } from '../stacks/magento.ts';
import { createMailActions } from './mail-actions.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'shophosting-mail-preview-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const { previewMail } = createMailActions(() => {
  throw new Error('A preview needs no platform.');
});

test('the mail about an open shop can be seen for each platform that says more in it', async () => {
  const written = await previewMail({ kind: 'ready', folder });
  const [usual, ofMagento] = await Promise.all(
    ['ready.txt', 'ready-magento.txt'].map(async (name) =>
      (await readFile(join(folder, name), 'utf8')).replaceAll(/\s+/g, ' '),
    ),
  );

  expect(written.map(({ text }) => text)).toEqual([join(folder, 'ready.txt'), join(folder, 'ready-magento.txt')]);
  for (const note of magento.adminNotes) {
    expect(ofMagento).toContain(note);
    expect(usual).not.toContain(note);
  }
  expect(ofMagento).toMatch(/\/admin_\w{10}\//);
  expect(ofMagento).not.toMatch(/wordpress|woocommerce|wp-admin/i);
});

test('all kinds are written when none is named', async () => {
  await previewMail({ folder });

  expect(await readdir(folder)).toEqual(
    expect.arrayContaining(['welcome.html', 'ready.html', 'ready-magento.html', 'failed.html', 'test.txt']),
  );
});
