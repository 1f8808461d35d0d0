import { beforeAll, expect, test } from 'vitest';
import { scopesFor } from '../../../src/domain/api-token.ts';
import type { ApiWorld } from './api-world.ts';
import { giveToken } from './people.ts';

interface Told {
  readonly who: string;
  readonly what: string;
  readonly token: { readonly id: string; readonly name: string | null } | null;
}

/** What programs do is told from what their owners do. */
export function testPrograms(open: () => ApiWorld): void {
  let world: ApiWorld;

  beforeAll(() => {
    world = open();
  });

  const itemsOf = ({ json }: { readonly json: unknown }): Told[] => (json as { items: Told[] }).items;

  test('what a program did has its token in the activity of store and account and in the ledger, by its name as long as it has one', async () => {
    const { ann, operator, database, web } = world;
    await world.begin();
    const { id, secret } = await giveToken(database, ann.customerId, scopesFor('customer'), { name: 'nightly' });
    const as = { secret };
    expect((await world.ask('POST /stores/{storeId}/pause', ann.places, { as })).status).toBe(202);
    const mail = { senderName: 'Flowers', replyTo: null, server: null };
    expect((await world.ask('PUT /stores/{storeId}/mail', ann.places, { as, body: mail })).status).toBe(200);
    const webhook = { name: 'Books', url: 'https://hooks.example.com/', events: ['store.active'] };
    await world.ask('POST /webhooks', {}, { as, body: webhook });
    await world.ask('POST /stores/{storeId}/retry', ann.places, { as: ann });
    await world.ask('PATCH /stores/{storeId}/settings', ann.places, { as: ann, body: { timezone: 'UTC' } });

    const page = async (path: string) =>
      (await fetch(`${web.base}${path}`, { headers: { cookie: ann.cookie } })).text();
    const ofStore = async () => itemsOf(await world.ask('GET /stores/{storeId}/activity', ann.places, { as: ann }));
    const byProgram = (await ofStore()).filter(({ token }) => token !== null);
    expect(byProgram.map(({ who, what, token }) => [who, what, token])).toEqual([
      ['you', 'chose how the shop’s mail leaves', { id, name: 'nightly' }],
      ['you', 'had the store closed', { id, name: 'nightly' }],
    ]);
    const [ofAccount] = itemsOf(await world.ask('GET /account/activity', {}, { as: ann }));
    expect(ofAccount).toMatchObject({ what: 'added the webhook “Books”', token: { id, name: 'nightly' } });
    expect(await page(`/stores/${ann.storeId}/activity`)).toContain(
      'You, by the token “nightly”, had the store closed',
    );
    expect(await page('/account/activity')).toContain('You, by the token “nightly”, added the webhook “Books”');
    const desk = async () => (await world.ask(`GET /admin/ledger?q=${id}`, {}, { as: operator })).json;
    const line = { actor: ann.customerId, tokenId: id, tokenName: 'nightly' };
    expect(await desk()).toMatchObject({ items: [line, line, line] });
    const shown = await fetch(`${web.base}/admin/ledger?q=${id}`, { headers: { cookie: operator.cookie } });
    expect((await shown.text()).replaceAll(/<[^>]*>/g, '')).toContain(`by the token ${id} “nightly”`);

    // A token ends itself: its line names it, and later ones only its id.
    expect((await world.ask('DELETE /tokens/{tokenId}', { tokenId: id }, { as })).status).toBe(204);
    const [revoked] = itemsOf(await world.ask('GET /account/activity', {}, { as: ann }));
    expect(revoked).toMatchObject({ what: 'revoked an API token', token: { id, name: null } });
    expect(await page('/account/activity')).toContain(`You, by the token ${id}, revoked an API token`);
    expect(await desk()).toMatchObject({ items: Array.from({ length: 4 }, () => ({ tokenId: id, tokenName: null })) });
  });

  test('what an operator’s program did is the operator’s, whose token is not the customer’s to know', async () => {
    const { ann, operatorsAll } = world;
    await world.begin();
    const suspended = { as: { secret: operatorsAll }, body: { reason: 'it was asked for' } };
    expect((await world.ask('POST /admin/stores/{storeId}/suspend', ann.places, suspended)).status).toBe(202);
    const [line] = itemsOf(await world.ask('GET /stores/{storeId}/activity', ann.places, { as: ann }));
    expect(line).toMatchObject({ who: 'operator', what: 'had the store closed', token: null });
    const { json } = await world.ask('GET /admin/ledger?action=store', {}, { as: { secret: operatorsAll } });
    expect(json).toMatchObject({
      items: expect.arrayContaining([
        expect.objectContaining({ action: 'store.suspend_requested', tokenId: expect.stringMatching(/^tok_/) }),
      ]),
    });
  });

  test('no token is made in a session that has ended meanwhile, or that is somebody else’s', async () => {
    const { ann, bob, database } = world;
    await world.begin();
    const tokensOf = async () => (await world.copies.read([])).get('api_tokens')?.length;
    const before = await tokensOf();
    const token = {
      ...{ customerId: ann.customerId, name: 'late', tokenHash: 'f'.repeat(64), hint: 'shp_late' },
      ...{ scopes: [], expiresAt: new Date(), origin: { actor: ann.customerId }, mail: undefined, now: new Date() },
    };
    for (const sessionId of ['ses_gone', bob.places['sessionId'] ?? '']) {
      await expect(database.repositories.apiTokens.create({ ...token, sessionId })).rejects.toMatchObject({
        code: 'not_signed_in',
      });
    }
    expect(await tokensOf()).toBe(before);
  });
}
