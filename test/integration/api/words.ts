import { beforeAll, expect, test } from 'vitest';
import { MINUTE } from '../../../src/lib/time.ts';
import { ROUTE_TABLE } from '../../../src/web/api/route-table.ts';
import { HOSTILE_WORDS, MARK } from '../../fakes/hostile-words.ts';
import type { ApiWorld, StoreState } from './api-world.ts';
import { PAGE_MODULES } from './page-modules.ts';
import { PERMISSIONS } from './permission-matrix.ts';

/**
 * Where a hostile word may stand once it was taken: columns of plain text, which go to pages as text, to mails as one
 * line, and to shops by standard input. None of them becomes an argument, a path or a name; a column that is not here
 * and holds one fails the test.
 */
const PLAIN_TEXT: readonly string[] = [
  ...[
    'stores.title',
    'stores.start_json',
    'provisioning_jobs.input_json',
    'store_mail.sender_name',
    'store_mail.user_name',
  ],
  ...['api_tokens.name', 'webhook_endpoints.name', 'platform_settings.value_json'],
  ...['audit_log.details_json', 'outbox.payload_json', 'customers.lock_reason'],
];

/** Where a word may stand only as a host name, which it is in disguise: in the closed alphabet of names. */
const HOST_NAMES: readonly string[] = ['stores.wished_domain', 'own_domains.hostname', 'audit_log.target'];
const HOST_NAME = /^"[a-z0-9][a-z0-9.-]+"$/;

/** What would run in a page that shows it as anything but text; also in the middle of a script's data. */
const MARKUP = `</script><svg onload=${MARK}()>`;

/** Fields of the API get all words; those of forms, which the same parsers read, so many each, the next the next ones. */
const WORDS_A_FIELD = 8;

/** What is right in fields that a page leaves empty. */
const RIGHT: Readonly<Record<string, string>> = {
  ...{ email: 'somebody@example.com', password: 'a password that nobody has guessed', code: '123456' },
  ...{ domain: 'another.example.com', store_name: 'another-shop', platform: 'wordpress', name: 'anns-shop' },
  ...{ url: 'https://hooks.example.com/', events: 'store.active', scopes: 'stores:read', days: '30' },
  ...{ reason: 'it was asked for', timezone: 'Europe/Berlin', locale: 'en_US', plan: 'business' },
};

/** A mail server of the owner's: the matrix changes none. */
const WHOLE_BODIES: Readonly<Record<string, object>> = {
  'PUT /stores/{storeId}/mail': {
    senderName: 'Flowers',
    replyTo: 'ann@example.com',
    server: {
      ...{ host: 'smtp.example.com', port: 587, tls: 'starttls', user: 'ann', from: 'ann@example.com' },
      password: 'a password of Ann’s',
    },
  },
};

/** What changes something, as one says it: by the API or by a form. */
interface Wish {
  readonly what: string;
  readonly state: StoreState | undefined;
  /** With the word in one field, and the others right. */
  readonly send: (word: string) => Promise<number>;
}

/** What customers and operators type is refused, or stays text. */
export function testWords(open: () => ApiWorld): void {
  let world: ApiWorld;
  let at = 0;

  beforeAll(() => {
    world = open();
  });

  /** `table.column` wherever a hostile word stands. */
  async function columnsWithWords(): Promise<string[]> {
    const found = new Set<string>();
    for (const [table, rows] of await world.copies.read([])) {
      for (const row of rows.filter((text) => text.includes(MARK))) {
        const columns = Object.entries(JSON.parse(row) as Readonly<Record<string, unknown>>);
        for (const [column, value] of columns) {
          const text = JSON.stringify(value);
          const name = `${table}.${column}`;
          if (text.includes(MARK) && !(HOST_NAMES.includes(name) && HOST_NAME.test(text))) found.add(name);
        }
      }
    }
    return [...found];
  }

  function nextWords(): string[] {
    return Array.from({ length: WORDS_A_FIELD }, () => HOSTILE_WORDS[at++ % HOSTILE_WORDS.length] ?? '');
  }

  /** What came of these words in one field; what they have done is taken back. */
  async function tryWords({ what, state, send }: Wish, words: readonly string[]) {
    const statuses: number[] = [];
    const columns = new Set<string>();
    const look = async (): Promise<void> => {
      for (const column of await columnsWithWords()) columns.add(column);
      await world.begin(state);
    };
    for (const word of words) {
      let status = await send(word);
      // Who has tried that often waits, and who has that many gets no more: that would show nothing of the word.
      if (status === 429 || status === 409) {
        await look();
        status = await send(word);
      }
      statuses.push(status);
    }
    if (statuses.some((status) => status < 400)) await look();
    return {
      taken: statuses.filter((status) => status < 400).length,
      refused: statuses.filter((status) => status >= 400).length,
      failures: statuses.filter((status) => status >= 500 || status === 429).map((status) => `${what}: ${status}`),
      stray: [...columns].filter((column) => !PLAIN_TEXT.includes(column)).map((column) => `${column} by ${what}`),
    };
  }

  /** One field after the other, each in a world of its own. */
  async function tryAll(wishes: readonly Wish[], words: () => readonly string[]) {
    const told = [];
    for (const wish of wishes) {
      await world.begin(wish.state);
      told.push(await tryWords(wish, words()));
    }
    return {
      taken: told.reduce((sum, { taken }) => sum + taken, 0),
      refused: told.reduce((sum, { refused }) => sum + refused, 0),
      failures: told.flatMap(({ failures }) => failures),
      stray: told.flatMap(({ stray }) => stray),
    };
  }

  function wishesOfApi(): Wish[] {
    return ROUTE_TABLE.filter(({ body }) => body !== undefined).flatMap((route): Wish[] => {
      const name = `${route.method.toUpperCase()} ${route.path}`;
      const { body, state } = PERMISSIONS[name] ?? {};
      const right = (WHOLE_BODIES[name] ?? body ?? {}) as Readonly<Record<string, unknown>>;
      const as = route.who === 'operator' ? world.operator : world.ann;
      return [...leavesOf(right), ...missingOf(right, Object.keys(route.body?.shape ?? {}))].map((bodyWith) => ({
        what: `${name} ${JSON.stringify(bodyWith('…'))}`,
        state,
        send: async (word) => (await world.ask(name, world.ann.places, { as, body: bodyWith(word) })).status,
      }));
    });
  }

  /** Of every form on every page as nobody, Ann or an operator sees it: each field once. */
  async function wishesOfForms(): Promise<Wish[]> {
    const wishes = new Map<string, Wish>();
    for (const { path, layout } of PAGE_MODULES) {
      for (const cookie of cookiesFor(layout)) {
        for (const { action, fields } of await formsOf(urlOf(path), cookie)) {
          for (const field of Object.keys(fields)) {
            const what = `${withoutIds(action)} ${field} of ${withoutIds(JSON.stringify(fields))}`;
            const send = async (word: string): Promise<number> => {
              const body = new URLSearchParams({ ...fields, [field]: word });
              const init = { method: 'POST', redirect: 'manual', headers: { cookie }, body } as const;
              return (await fetch(`${world.web.base}${action}`, init)).status;
            };
            if (!wishes.has(what)) wishes.set(what, { what, state: undefined, send });
          }
        }
      }
    }
    return [...wishes.values()];
  }

  function cookiesFor(layout: string): string[] {
    const { ann, operator } = world;
    if (layout === 'access/operators.tsx') return [operator.cookie];
    return layout === 'access/customers.tsx' ? [ann.cookie] : ['', ann.cookie];
  }

  const urlOf = (path: string): string =>
    path.replaceAll(/:(\w+)/g, (_all, name: string) =>
      encodeURIComponent({ ...world.ann.places, factor: 'totp' }[name] ?? world.ann.storeId),
    );

  /** The forms of a page that change something, with what stands in their fields, or would be right there. */
  async function formsOf(url: string, cookie: string) {
    const page = await fetch(`${world.web.base}${url}`, { headers: { cookie }, redirect: 'manual' });
    return [...(await page.text()).matchAll(/<form\b([^>]*)>(.*?)<\/form>/gs)]
      .filter(([, head = '']) => /method="post"/i.test(head))
      .map(([, head = '', inside = '']) => ({
        action: textOf(/action="([^"]*)"/.exec(head)?.[1] ?? url),
        fields: fieldsIn(inside),
      }));
  }

  async function areSignedIn(): Promise<boolean> {
    const answers = await Promise.all(
      [
        ['/account', world.ann.cookie],
        ['/admin', world.operator.cookie],
      ].map(([path = '', cookie = '']) =>
        fetch(`${world.web.base}${path}`, { headers: { cookie }, redirect: 'manual' }),
      ),
    );
    return answers.every(({ status }) => status === 200);
  }

  test(
    'in every field of the API: refused in words or kept as plain text, never an argument, a path or a name',
    async () => {
      const wishes = wishesOfApi();
      const { taken, refused, ...faults } = await tryAll(wishes, () => HOSTILE_WORDS);

      expect(faults).toEqual({ failures: [], stray: [] });
      expect(wishes.length).toBeGreaterThan(40);
      expect(Math.min(taken, refused)).toBeGreaterThan(50);
    },
    5 * MINUTE,
  );

  test(
    'in every field of every form: the same',
    async () => {
      await world.begin();
      const wishes = await wishesOfForms();
      const { taken, refused, ...faults } = await tryAll(wishes, nextWords);

      expect(faults).toEqual({ failures: [], stray: [] });
      expect(wishes.length).toBeGreaterThan(60);
      expect(Math.min(taken, refused)).toBeGreaterThan(100);
    },
    5 * MINUTE,
  );

  test('what was taken is text on every page that shows it, and in every mail', async () => {
    const { ann, operator, database } = world;
    await world.begin();
    const wishes = [...wishesOfApi(), ...(await wishesOfForms())];
    // What ends a session, as locking an account does, would leave no page to look at.
    const lasting: Wish[] = [];
    for (const wish of wishes) {
      await world.forgetTries();
      await wish.send(MARKUP);
      if (await areSignedIn()) lasting.push(wish);
      else await world.begin();
    }
    await world.begin();
    for (const { send } of lasting) {
      await world.forgetTries();
      await send(MARKUP);
    }
    expect(await areSignedIn()).toBe(true);
    expect(wishes.length - lasting.length).toBeLessThan(20);
    const mails = await database.as('admin').kysely.selectFrom('outbox').select('id').execute();
    const urls = [...PAGE_MODULES.map(({ path }) => urlOf(path)), ...mails.map(({ id }) => `/admin/mail/${id}`)];
    let shown = 0;
    for (const { cookie } of [ann, operator]) {
      for (const url of urls) {
        const page = await fetch(`${world.web.base}${url}`, { headers: { cookie }, redirect: 'manual' });
        const html = await page.text();
        if (page.headers.get('content-type')?.includes('html') !== true) continue;
        if (html.includes(MARK)) shown += 1;
        expect([url, html.includes(`<svg onload=${MARK}`)]).toEqual([url, false]);
      }
    }

    expect(shown).toBeGreaterThan(10);
  });
}

/** A body for each text in it, with a word in its place. */
function leavesOf(right: unknown): ((word: string) => unknown)[] {
  if (Array.isArray(right)) {
    const all: readonly unknown[] = right;
    return all.flatMap((each, at) => leavesOf(each).map((leaf) => (word: string) => all.with(at, leaf(word))));
  }
  if (typeof right !== 'object' || right === null) return [(word) => word];
  return Object.entries(right).flatMap(([name, each]) =>
    leavesOf(each).map((leaf) => (word: string) => ({ ...right, [name]: leaf(word) })),
  );
}

/** A body for each field that may be there and is not. */
const missingOf = (right: object, names: readonly string[]): ((word: string) => unknown)[] =>
  names.filter((name) => !(name in right)).map((name) => (word) => ({ ...right, [name]: word }));

function fieldsIn(html: string): Record<string, string> {
  const fields: Record<string, string> = {};
  for (const [, tag = '', attributes = ''] of html.matchAll(/<(input|textarea|select|button)\b([^>]*)>/g)) {
    const name = /\bname="([^"]*)"/.exec(attributes)?.[1];
    if (name === undefined || (fields[name] ?? '') !== '') continue;
    const value = textOf(/\bvalue="([^"]*)"/.exec(attributes)?.[1] ?? '');
    const isChosen = !/type="(?:radio|checkbox)"/.test(attributes) || /\bchecked\b/.test(attributes);
    fields[name] = !isChosen ? '' : tag === 'button' && value === '' ? 'on' : value;
  }
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [name, value === '' ? (RIGHT[name] ?? '') : value]),
  );
}

const ENTITIES: Readonly<Record<string, string>> = { quot: '"', '#x27': "'", lt: '<', gt: '>', amp: '&' };
const textOf = (html: string): string =>
  html.replaceAll(/&(quot|#x27|lt|gt|amp);/g, (all, name: string) => ENTITIES[name] ?? all);

/** The same form of two tokens is one form. */
const withoutIds = (text: string): string =>
  text
    .replaceAll(/\b[a-z]{3}_[0-9a-z]{26}\b/g, 'ID')
    .replaceAll(/[A-Za-z0-9_.-]{40,}/g, 'TOKEN')
    .replaceAll(/"from":"[^"]*"/g, '');
