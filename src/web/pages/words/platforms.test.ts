import { expect, test } from 'vitest';
import { PLATFORM_NAMES } from '../../../domain/store.ts';
import type { PlatformOffer } from '../../services.ts';
import { firstThingsOf, platformsInWords, platformTitle, platformWhat, usuallyInWords } from './platforms.ts';

const offers = (...closed: string[]): PlatformOffer[] =>
  PLATFORM_NAMES.map((name) => ({
    name,
    unavailable: closed.includes(name) ? 'Not here.' : null,
    usuallyMs: name === 'magento' ? null : 20_000,
    leastMemoryMb: 512,
  }));

test('only platforms that can be had are named', () => {
  expect(platformsInWords(offers())).toBe('WooCommerce, WordPress or Magento');
  expect(platformsInWords(offers('magento'))).toBe('WooCommerce or WordPress');
  expect(platformsInWords(offers(...PLATFORM_NAMES))).toBeNull();
});

test('how long it takes is said of the platform it was learned from, and not before there was a store of it', () => {
  expect(usuallyInWords(offers())).toBe('WooCommerce is usually ready in 20 seconds.');
  expect(usuallyInWords(offers('woocommerce', 'wordpress'))).toBeNull();
});

test('every platform tells what to do first; one that is not known has its name alone', () => {
  for (const name of PLATFORM_NAMES) expect(firstThingsOf(name).length).toBeGreaterThan(1);
  expect([platformTitle('prestashop'), firstThingsOf('prestashop')]).toEqual(['prestashop', []]);
});

test('nobody with a Magento shop reads of another platform', () => {
  expect(JSON.stringify([platformWhat('magento'), firstThingsOf('magento')])).not.toMatch(/wordpress|woo|wp-|\.php/i);
});
