import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { beforeAll, expect, test } from 'vitest';
import { scopesFor } from '../../../src/domain/api-token.ts';
import { type ApiWorld } from './api-world.ts';
import { giveToken } from './people.ts';

const GUIDE = readFileSync(new URL('../../../docs/reference/api.md', import.meta.url), 'utf8');
const EXAMPLES = [...GUIDE.matchAll(/^```sh\n(.+?)\n```$/gms)].map(([, text = '']) => text);

/** A command line of the guide as arguments: words, with or without quotes. */
function argumentsOf(text: string, values: Readonly<Record<string, string>>): string[] {
  const words = text.replaceAll('\\\n', ' ').match(/'[^']*'|"[^"]*"|\S+/g) ?? [];
  return words.map((word) =>
    word.startsWith("'")
      ? word.slice(1, -1)
      : word.replaceAll('"', '').replaceAll(/\$(\w+)/g, (_all, name: string) => values[name] ?? ''),
  );
}

/** The guide, word for word, and the page of the tokens. */
export function testGuide(open: () => ApiWorld): void {
  let world: ApiWorld;

  beforeAll(() => {
    world = open();
  });

  test('every example of the guide does what it says', async () => {
    const { ann, web, database } = world;
    await world.begin();
    const { secret } = await giveToken(database, ann.customerId, scopesFor('customer'));
    expect(EXAMPLES.length).toBeGreaterThan(4);
    for (const example of EXAMPLES) {
      const [program, ...words] = argumentsOf(example.replaceAll('https://panel.example.com', web.base), {
        TOKEN: secret,
        STORE: ann.storeId,
      });
      expect(program).toBe('curl');
      // Fails on any status from 400 on.
      const { stdout } = await promisify(execFile)('curl', ['--silent', ...words]);
      expect(JSON.parse(stdout)).toEqual(expect.any(Object));
    }
    const stores = await database.repositories.stores.list({ customerId: ann.customerId });
    expect(stores.map(({ title }) => title)).toContain('Flowers');
  });

  test('a token is made, shown once, used and revoked on its page, without scripts', async () => {
    const { ann, web } = world;
    await world.begin();
    const post = (form: URLSearchParams) =>
      fetch(`${web.base}/account/tokens`, {
        method: 'POST',
        body: form,
        headers: { cookie: ann.cookie },
        redirect: 'manual',
      });
    const wish = new URLSearchParams({ name: 'nightly <b>', days: '30', scopes: 'account:read' });
    const refused = await post(new URLSearchParams({ name: '', days: '0' }));
    expect([refused.status, await refused.text()]).toEqual([422, expect.stringContaining('Choose at least one thing')]);
    const secret = /shp_[0-9A-Za-z]{49}/.exec(await (await post(wish)).text())?.[0] ?? '';
    const ask = async () =>
      (await world.ask('GET /tokens', {}, { as: { secret } })) as { status: number; json: unknown };
    const { items } = (await ask()).json as { items: { id: string; name: string }[] };
    const [made] = items;
    expect(made?.name).toBe('nightly <b>');
    const page = await (await fetch(`${web.base}/account/tokens`, { headers: { cookie: ann.cookie } })).text();
    expect(page).toContain('nightly &lt;b&gt;');
    expect(page).not.toContain(secret);
    expect((await post(new URLSearchParams({ token: made?.id ?? '' }))).status).toBe(303);
    expect((await ask()).status).toBe(401);
  });
}
