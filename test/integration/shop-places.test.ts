import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { COUNTRIES, CURRENCIES } from '../../src/domain/shop-places.ts';
import { MINUTE } from '../../src/lib/time.ts';
import { openImages } from '../setup/open-images.ts';

const { artifacts } = openImages();
const signal = AbortSignal.timeout(5 * MINUTE);
const plugin = await artifacts.find('woocommerce');

it.skipIf(plugin === undefined)(
  `every country and currency that can be chosen is one that WooCommerce knows${plugin === undefined ? ' (skipped: no archive of WooCommerce is in ARTIFACTS_DIR)' : ''}`,
  async () => {
    const { path } = await artifacts.unpacked('woocommerce', signal);
    const namesIn = async (file: string) => {
      const text = await readFile(join(path, 'i18n', file), 'utf8');
      return [...text.matchAll(/^\s*'([A-Z]{2,3})'\s*=>/gm)].map(([, name]) => name);
    };
    const [countries, currencies] = await Promise.all(['countries.php', 'currencies.php'].map(namesIn));

    expect(COUNTRIES.length).toBeGreaterThan(200);
    expect(CURRENCIES.length).toBeGreaterThan(100);
    expect(COUNTRIES.filter((name) => !countries?.includes(name))).toEqual([]);
    expect(CURRENCIES.filter((name) => !currencies?.includes(name))).toEqual([]);
  },
);
