import { expect, it } from 'vitest';
import { aView, shopctl } from '../../../test/fakes/shopctl.ts';
import { AppError } from '../../domain/errors.ts';

const LINK = { url: 'https://demo.localhost:8443/', field: 'shop_link', token: 'aB-3_x', seconds: 60 };
const VIEW = { storeId: 'sto_01abc', openUntil: null, page: 'https://panel.localhost/stores/sto_01abc/access' };
const findStore = async () => aView();

it('store open-admin prints a link that any browser opens by itself, and what it is made of', async () => {
  const { json, code } = await shopctl(['store', 'open-admin', 'demo', '--json'], {
    findStore,
    openAdmin: async ({ storeId }) => (storeId === 'sto_01abc' ? LINK : Promise.reject(new Error(storeId))),
  });

  expect([code, json()]).toEqual([0, { ...LINK, link: expect.stringMatching(/^data:text\/html,[\w%'()!*.~-]+$/) }]);
  const page = decodeURIComponent(String(json()['link']).replace('data:text/html,', ''));
  expect(page).toContain(`action="${LINK.url}"`);
  expect(page).toContain(`name="${LINK.field}" value="${LINK.token}"`);
});

it('store open-admin says why there is no link', async () => {
  const { code, stderr } = await shopctl(['store', 'open-admin', 'demo'], {
    findStore,
    openAdmin: () => Promise.reject(new AppError('not_allowed_now', 'sto_01abc is suspended.')),
  });

  expect([code, stderr]).toEqual([5, expect.stringContaining('sto_01abc is suspended.')]);
});

it('store database says where its owner opens it, and --close ends what is open', async () => {
  const actions = {
    findStore,
    readDatabaseAccess: async () => VIEW,
    closeDatabase: async () => ({ ...VIEW, openUntil: '2026-11-26T10:00:00.000Z' }),
  };
  const shown = await shopctl(['store', 'database', 'demo'], actions);
  expect(shown.stdout).toContain(`opened at\t${VIEW.page}`);
  expect(shown.stderr).toContain('the customer’s alone');

  const closed = await shopctl(['store', 'database', 'demo', '--close', '--json'], actions);
  expect(closed.json()).toMatchObject({ openUntil: '2026-11-26T10:00:00.000Z' });
});
