import { expect, it } from 'vitest';
import { acceptsDatabase } from './accepted-databases.ts';

const MAGENTO_247 = { 'MySQL-8': '^8\\.0\\.', 'MariaDB-(10.2-10.11)': '^10\\.([2-9]|10|11)\\.' };
const MAGENTO_248 = { 'MySQL-8.4': '^8\\.4\\.', 'MariaDB-11.4': '^11\\.4\\.' };

it.each([
  [MAGENTO_247, { mariadb: '10.11.19' }, true],
  [MAGENTO_247, { mysql: '8.0.42' }, true],
  [MAGENTO_247, { mysql: '9.7.4' }, false],
  // A MySQL of that number would be another thing.
  [MAGENTO_247, { mysql: '10.11.19' }, false],
  [MAGENTO_248, { mariadb: '10.11.19', debian: '12' }, false],
  [MAGENTO_248, { mariadb: '11.4.8' }, true],
  [MAGENTO_248, {}, false],
  [{}, { mysql: '9.7.4' }, true],
])('%j with %j: %s', (patterns, versions, expected) => {
  expect(acceptsDatabase(patterns, versions)).toBe(expected);
});
