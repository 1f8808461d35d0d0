import { expect, test } from 'vitest';
import { shopctl } from '../../../test/fakes/shopctl.ts';

/** What is prepared by this line, and for which platform. */
async function preparedBy(...line: string[]): Promise<string[]> {
  const prepared: string[] = [];
  const { code } = await shopctl(['images', 'prepare', ...line], {
    prepareImages: async ({ platform }) => {
      prepared.push(`images of ${platform ?? 'all'}`);
      return [];
    },
    prepareSnapshots: async ({ platform }) => void prepared.push(`snapshots of ${platform ?? 'all'}`),
  });
  expect(code).toBe(0);
  return prepared;
}

test('images prepare also makes what new stores are copied from, once the images are there', async () => {
  expect(await preparedBy()).toEqual(['images of all', 'snapshots of all']);
  expect(await preparedBy('woocommerce')).toEqual(['images of woocommerce', 'snapshots of woocommerce']);
});

test('images prepare --no-golden makes images alone', async () => {
  expect(await preparedBy('--no-golden')).toEqual(['images of all']);
  expect(await preparedBy('woocommerce', '--no-golden')).toEqual(['images of woocommerce']);
});
