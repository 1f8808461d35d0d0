import { describe, expect, it } from 'vitest';
import { pageCacheOf, parsePageCache } from './page-cache.ts';

describe('what holds for a store', () => {
  it('is on while its owner has not chosen, but for a platform with a page cache of its own', () => {
    expect(pageCacheOf('woocommerce', null)).toBe('10m');
    expect(pageCacheOf('wordpress', null)).toBe('10m');
    expect(pageCacheOf('magento', null)).toBe('off');
    expect(pageCacheOf('magento', '1h')).toBe('off');
  });

  it('is what its owner chose', () => {
    expect(pageCacheOf('wordpress', 'off')).toBe('off');
    expect(pageCacheOf('wordpress', '1d')).toBe('1d');
    expect(pageCacheOf('wordpress', '2d')).toBe('10m');
  });
});

describe('a choice', () => {
  it('without a lifetime keeps the one there is, and begins with the usual one', () => {
    expect(parsePageCache({ pageCache: 'on' }, '1h')).toBe('1h');
    expect(parsePageCache({ pageCache: 'on', pageLifetime: ' ' }, 'off')).toBe('10m');
    expect(parsePageCache({ pageCache: 'on', pageLifetime: '1d' }, 'off')).toBe('1d');
    expect(parsePageCache({ pageCache: 'off', pageLifetime: '1d' }, '1h')).toBe('off');
  });

  it.each([
    [{}, 'pageCache'],
    [{ pageCache: 'yes' }, 'pageCache'],
    [{ pageCache: 'on', pageLifetime: '7m' }, 'pageLifetime'],
    [{ pageCache: 'on', pageLifetime: 'toString' }, 'pageLifetime'],
  ])('that is none is refused by its field: %j', (texts, field) => {
    expect(() => parsePageCache(texts, 'off')).toThrow(
      expect.objectContaining({ code: 'invalid_input', fields: { [field]: expect.any(String) } }),
    );
  });
});
