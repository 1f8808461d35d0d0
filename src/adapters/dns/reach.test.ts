import { tmpdir } from 'node:os';
import { expect, it } from 'vitest';
import { reachOf } from './reach.ts';

const leads = (address: string, publicAddresses: string[], own: string[]) =>
  reachOf({ webroot: tmpdir(), publicAddresses, ownAddresses: () => own }).whereLeads(
    address,
    'shop.example.com',
    AbortSignal.timeout(1),
  );

it.each(['127.0.0.1', '172.17.0.1', '::1'])(
  '%s is every machine, where visitors come by public addresses',
  async (own) => {
    expect(await leads(own, ['198.35.26.96'], [own])).toBe('elsewhere');
    expect(await leads(own, [], [own, '198.35.26.96'])).toBe('elsewhere');
    expect(await leads(own, [], [own])).toBe('here');
  },
);

it('what the operator names leads here, and so does a public address of this machine', async () => {
  expect(await leads('10.0.0.7', ['10.0.0.7', '198.35.26.96'], [])).toBe('here');
  expect(await leads('198.35.26.96', [], ['198.35.26.96'])).toBe('here');
});
