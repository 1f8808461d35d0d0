import { expect, it } from 'vitest';
import { aView, shopctl } from '../../../test/fakes/shopctl.ts';
import { sizeInWords } from './deletion-preview.ts';

const PREVIEW = {
  id: 'sto_01abc',
  name: 'demo',
  containers: ['shop-sto_01abc-db', 'shop-sto_01abc-web'],
  networks: ['sto_01abc_back'],
  volumes: [],
  folders: [
    { path: '/srv/stores/sto_01abc', bytes: 12_345_678 },
    { path: '/srv/stores/sto_01abc/data/db', bytes: 512 },
  ],
  link: '/srv/customer-cus_01abc/sto_01abc',
  domains: ['demo.localhost', 'www.demo.example'],
  mails: { waiting: 3, all: 5 },
  port: 8001,
  subnet: '10.180.0.0/29',
  uid: 600_001,
};

it('store delete --dry-run tells all that would go, with sizes, asks nothing and deletes nothing', async () => {
  const { code, stdout } = await shopctl(['store', 'delete', 'demo', '--dry-run'], {
    findStore: async () => aView(),
    previewDelete: async () => PREVIEW,
  });

  expect(code).toBe(0);
  expect(stdout.split('\n')).toEqual([
    'id\tsto_01abc',
    'name\tdemo',
    'container\tshop-sto_01abc-db',
    'container\tshop-sto_01abc-web',
    'network\tsto_01abc_back',
    'folder\t/srv/stores/sto_01abc (12.3 MB)',
    'folder\t/srv/stores/sto_01abc/data/db (512 bytes)',
    'link\t/srv/customer-cus_01abc/sto_01abc',
    'domain\tdemo.localhost',
    'domain\twww.demo.example',
    'mails waiting\t3',
    'mails kept\t5',
    'port\t8001',
    'subnet\t10.180.0.0/29',
    'uid\t600001',
  ]);
});

it('with --yes beside it, it is still only a look', async () => {
  const { code, json } = await shopctl(['store', 'delete', 'demo', '--dry-run', '--yes', '--json'], {
    findStore: async () => aView(),
    previewDelete: async () => PREVIEW,
  });

  expect([code, json()]).toEqual([0, PREVIEW]);
});

it.each([
  [0, '0 bytes'],
  [999, '999 bytes'],
  [1000, '1.0 kB'],
  [12_345_678, '12.3 MB'],
  [5e15, '5000.0 TB'],
])('%d bytes are %s', (bytes, words) => {
  expect(sizeInWords(bytes)).toBe(words);
});
