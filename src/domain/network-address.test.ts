import { expect, it } from 'vitest';
import { isOfCloudflare, isOneOf, isPublicAddress } from './network-address.ts';

it.each([
  '0.0.0.0',
  '10.1.2.3',
  '100.64.0.1',
  '127.0.0.1',
  '169.254.169.254',
  '172.31.255.255',
  '192.168.1.1',
  '198.19.0.1',
  '224.0.0.1',
  '255.255.255.255',
  '::',
  '::1',
  '::ffff:127.0.0.1',
  '::ffff:169.254.169.254',
  '::7f00:1',
  '::10.0.0.1',
  '::ffff:0:127.0.0.1',
  '64:ff9b::7f00:1',
  '2002:7f00:1::',
  'fd00::1',
  'fe80::1',
  'fec0::1',
  'ff02::1',
  '168.63.129.16',
  '::ffff:168.63.129.16',
  '192.0.2.1',
  '192.88.99.1',
  '198.51.100.1',
  '203.0.113.9',
  '100::1',
  '2001::1',
  '2001:20::1',
  '2001:db8::1',
  '3fff::1',
  '5f00::1',
  'localhost',
  '',
])('%j is no public address', (address) => {
  expect(isPublicAddress(address)).toBe(false);
});

it.each([
  '203.0.114.7',
  '8.8.8.8',
  '168.63.129.17',
  '172.32.0.1',
  '223.255.255.255',
  '2001:200::1',
  '2a00:1450::1',
  '::ffff:8.8.8.8',
])('%s is one', (address) => {
  expect(isPublicAddress(address)).toBe(true);
});

it('Cloudflare is told by its networks, in both families', () => {
  expect(['104.16.1.1', '172.67.0.1', '2606:4700::6810:1'].map(isOfCloudflare)).toEqual([true, true, true]);
  expect(['104.32.0.1', '203.0.113.7', '2001:db8::1', 'cloudflare'].map(isOfCloudflare)).toEqual(Array(4).fill(false));
});

it('an address is told by what it is, not by how it is written', () => {
  const ours = ['198.35.26.96', '2a00:1450::1'];
  expect(['198.35.26.96', '::ffff:198.35.26.96', '2A00:1450:0:0::1'].map((one) => isOneOf(ours, one))).toEqual(
    Array(3).fill(true),
  );
  expect(['198.35.26.97', '2a00:1450::2', 'ours', ''].map((one) => isOneOf(ours, one))).toEqual(Array(4).fill(false));
  expect(isOneOf([], '198.35.26.96')).toBe(false);
});
