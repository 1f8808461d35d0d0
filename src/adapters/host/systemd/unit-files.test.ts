import { expect, test } from 'vitest';
import { packageRoot } from '../../../lib/package-root.ts';
import { markOf, renderUnits, SERVICES } from './unit-files.ts';

const FOLDERS = { dataDir: '/srv/shop/data', customersDir: '/srv/shop/customers', artifactsDir: '/srv/archives' };
const render = (folders: Partial<typeof FOLDERS> = {}) => renderUnits(packageRoot(), { ...FOLDERS, ...folders });

async function unit(name: string, folders: Partial<typeof FOLDERS> = {}): Promise<string> {
  return (await render(folders)).find(({ path }) => path === `/etc/systemd/system/${name}`)?.content ?? '';
}

test('the folders of this machine stand everywhere, and those of the files nowhere', async () => {
  const all = (await render()).map(({ content }) => content).join('\n');
  expect(all).not.toMatch(/\/var\/(?:lib\/shophosting|customers)/);
  expect(await unit('shophosting.target')).toContain(`\n${markOf('/srv/shop/data')}\n`);
});

test('archives elsewhere may be written too; below the data folder they need no line', async () => {
  const worker = 'shophosting-worker.service';
  expect(await unit(worker)).toContain('ReadWritePaths=/srv/shop/data /srv/shop/customers -/srv/archives\n');
  expect(await unit(worker, { artifactsDir: '/srv/shop/data/artifacts' })).toContain(
    'ReadWritePaths=/srv/shop/data /srv/shop/customers\n',
  );
});

test('the web process may write nowhere and has no capability', async () => {
  const web = await unit('shophosting-web.service');
  expect(web).not.toContain('ReadWritePaths');
  expect(web).toMatch(/^CapabilityBoundingSet=$/m);
  expect(web).toMatch(/^User=shophosting-web$/m);
});

test.each(SERVICES)('%s is not tried again when its configuration is refused, and gains no right', async (name) => {
  const text = await unit(name);
  for (const line of ['RestartPreventExitStatus=78', 'NoNewPrivileges=yes', 'ProtectSystem=strict', 'PrivateTmp=yes'])
    expect(text.split('\n')).toContain(line);
});

test.each([
  ['under a home', { dataDir: '/home/shop/data' }, 'DATA_DIR'],
  ['in a private temporary folder', { customersDir: '/tmp/customers' }, 'CUSTOMERS_DIR'],
  ['with a space', { artifactsDir: '/srv/my archives' }, 'ARTIFACTS_DIR'],
  ["with systemd's own mark", { dataDir: '/srv/100%n' }, 'DATA_DIR'],
])('a folder %s is refused by its setting', async (_case, folders, setting) => {
  await expect(render(folders)).rejects.toMatchObject({
    code: 'configuration_invalid',
    message: expect.stringContaining(setting),
  });
});
