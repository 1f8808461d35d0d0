import { beforeAll, expect, test } from 'vitest';
import { ROUTE_TABLE } from '../../../src/web/api/route-table.ts';
import type { ApiWorld } from './api-world.ts';
import { PAGE_MODULES } from './page-modules.ts';

/** What every answer says, whoever asks for whatever; the policy without its nonce. */
const ALWAYS = {
  'content-security-policy':
    "default-src 'none'; script-src 'nonce-N' 'strict-dynamic'; style-src 'self' 'nonce-N'; " +
    "style-src-attr 'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; " +
    "manifest-src 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
  'cache-control': 'no-store',
};

/** Its one form leads to the shop, which is then its only other target. */
const LEADS_TO_SHOP = '/stores/:storeId/open-admin';

/** Every page and every answer of the API, as nobody, a customer and an operator get them. */
export function testPolicies(open: () => ApiWorld): void {
  let world: ApiWorld;

  beforeAll(() => {
    world = open();
  });

  const urlOf = (path: string): string =>
    path.replaceAll(/[:{](\w+)\}?/g, (_all, name: string) =>
      encodeURIComponent({ ...world.ann.places, factor: 'totp' }[name] ?? world.ann.storeId),
    );

  test('every answer carries the whole policy, and no page has a script, a style or a handler beside its nonce', async () => {
    await world.begin();
    const { ann, operator, web } = world;
    const paths = [
      ...PAGE_MODULES.map(({ path }) => path),
      ...ROUTE_TABLE.filter(({ method }) => method === 'get').map(({ path }) => `/api/v1${path}`),
      ...['/no-such-page', '/api/none', '/api/docs', '/api/openapi.json', '/healthz'],
    ];
    let pages = 0;
    for (const path of paths) {
      for (const cookie of ['', ann.cookie, operator.cookie]) {
        for (const method of ['GET', 'PROPFIND']) {
          const answer = await fetch(`${web.base}${urlOf(path)}`, { method, headers: { cookie }, redirect: 'manual' });
          const isStream = answer.headers.get('content-type') === 'text/event-stream';
          if (isStream) await answer.body?.cancel();
          const html = isStream ? '' : await answer.text();
          const told = answer.headers.get('content-security-policy') ?? '';
          const nonce = /'nonce-([A-Za-z0-9+/]{22}==)'/.exec(told)?.[1] ?? 'none';
          const policy = told.replaceAll(nonce, 'N');
          const shown = Object.fromEntries(Object.keys(ALWAYS).map((name) => [name, answer.headers.get(name)]));
          const formTarget = path === LEADS_TO_SHOP ? / https:\/\/\S+(?=; manifest)/ : /$^/;
          expect([path, { ...shown, 'content-security-policy': policy.replace(formTarget, '') }]).toEqual([
            path,
            ALWAYS,
          ]);
          if (answer.headers.get('content-type')?.includes('text/html') !== true) continue;
          pages += 1;
          const tags = [...html.matchAll(/<(\w+)\b((?:[^>"']|"[^"]*"|'[^']*')*)>/g)];
          const loose = tags.filter(
            ([, tag = '', attributes = '']) =>
              (/^(?:script|style)$/i.test(tag) && !attributes.includes(`nonce="${nonce}"`)) ||
              /\son\w+\s*=/i.test(attributes) ||
              /(?:href|src|action)="\s*(?:javascript|data):/i.test(attributes) ||
              (/^(?:script|link|img|iframe|object|embed)$/i.test(tag) &&
                /(?:src|href)="(?:https?:)?\/\//i.test(attributes)),
          );
          expect([path, loose.map(([tag]) => tag)]).toEqual([path, []]);
        }
      }
    }
    expect(pages).toBeGreaterThan(100);
  });
}
