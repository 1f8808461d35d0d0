import { expect, it } from 'vitest';
import { acceptsSearchEngine } from './accepted-search-engines.ts';

const MAGENTO_247 = ['elasticsearch7', 'opensearch'];

it.each([
  [MAGENTO_247, { search: '2.19.5', distribution: 'opensearch' }, true],
  [MAGENTO_247, { search: '7.17.29', distribution: 'elasticsearch' }, true],
  [MAGENTO_247, { search: '8.17.10', distribution: 'elasticsearch' }, false],
  [['elasticsearch8'], { search: '2.19.5', distribution: 'opensearch' }, false],
  [MAGENTO_247, { search: '2.19.5' }, false],
  [MAGENTO_247, {}, false],
  [[], {}, true],
])('%j with %j: %s', (engines, versions, expected) => {
  expect(acceptsSearchEngine(engines, versions)).toBe(expected);
});
