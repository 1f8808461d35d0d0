import { expect, test } from 'vitest';
import { addressOfMailHost } from './mail-host.ts';

const NAMES: Readonly<Record<string, readonly string[]>> = {
  'mail.roses.example': ['9.9.9.9'],
  'relay.platform.example': ['8.8.8.8'],
  'alias.roses.example': ['9.9.9.9', '8.8.8.8'],
};
const OPTIONS = {
  mayBePrivate: false,
  ours: () => ['1.1.1.1'],
  trustUs: ['relay.platform.example'],
  addressesOf: async (name: string) => NAMES[name] ?? [],
};

test('a server on the internet is found', async () => {
  expect(await addressOfMailHost('mail.roses.example', OPTIONS)).toBe('9.9.9.9');
});

test.each(['1.1.1.1', '8.8.8.8', 'relay.platform.example', 'alias.roses.example'])(
  'neither this machine nor what trusts it is reached by naming %s',
  async (host) => {
    await expect(addressOfMailHost(host, OPTIONS)).rejects.toMatchObject({
      code: 'mail_host_refused',
      message: expect.stringMatching(/is a server of this platform/),
    });
  },
);

test('a name that nobody tells about is given up', async () => {
  const silent = { ...OPTIONS, addressesOf: () => new Promise<never>(() => undefined), lookUpWithinMs: 1 };
  await expect(addressOfMailHost('mail.roses.example', silent)).rejects.toMatchObject({
    code: 'mail_host_refused',
    retryable: true,
  });
});
