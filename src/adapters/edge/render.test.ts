import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LARGE_UPLOADS_MB } from '../../domain/php-limits.ts';
import type { Route } from './edge.ts';
import { edgeFolders } from './edge-folders.ts';
import { emit } from './nginx-syntax.ts';
import { parseNginx } from './parse-nginx.fixture.ts';
import { renderConfig } from './render-config.ts';
import { refuseUnwritable, renderMaps } from './render-maps.ts';

const aRoute = (facts: Partial<Route> = {}): Route => ({
  hostname: 'demo.localhost',
  storeId: 'sto_1',
  port: 8001,
  state: 'live',
  ...facts,
});

const aConfig = (facts: Partial<Parameters<typeof renderConfig>[0]> = {}): ReturnType<typeof parseNginx> =>
  parseNginx(
    emit(
      renderConfig({
        folders: edgeFolders('/var/lib/shophosting'),
        fallbackCertificate: '/var/lib/shophosting/certificates/fallback',
        user: 'shophosting-edge',
        httpPort: 80,
        httpsPort: 443,
        addresses: ['0.0.0.0', '[::]'],
        platformHost: 'panel.example.com',
        webPort: 5000,
        hostCount: 0,
        pageCacheMb: 256,
        generation: '0123456789abcdef',
        http2: 'parameter',
        ...facts,
      }),
    ),
  );

const http = (config: ReturnType<typeof parseNginx>) => config.find(({ words }) => words[0] === 'http')?.block ?? [];
const servers = (config: ReturnType<typeof parseNginx>) => http(config).filter(({ words }) => words[0] === 'server');

describe('nginx.conf', () => {
  it('has as many server blocks for ten thousand hosts as for none', () => {
    expect(servers(aConfig({ hostCount: 10_000 }))).toEqual(servers(aConfig({ hostCount: 0 })));
    expect(servers(aConfig())).toHaveLength(4 + LARGE_UPLOADS_MB.length);
  });

  it('has room in its maps for the longest names and for all of them', () => {
    const value = (hostCount: number, name: string): unknown =>
      http(aConfig({ hostCount })).find(({ words }) => words[0] === name)?.words[1];

    expect(value(0, 'map_hash_bucket_size')).toBe('512');
    expect([0, 1000, 1025, 10_000].map((count) => value(count, 'map_hash_max_size'))).toEqual([
      '2048',
      '2048',
      '4096',
      '32768',
    ]);
  });

  it('listens on every address, with HTTP/2 as the version of nginx wants it said', () => {
    const listens = (http2: 'parameter' | 'directive') =>
      servers(aConfig({ http2 })).flatMap(({ block = [] }) =>
        block.filter(({ words }) => words[0] === 'listen' || words[0] === 'http2').map(({ words }) => words.join(' ')),
      );

    expect(listens('parameter')).toEqual([
      'listen 0.0.0.0:80 default_server',
      'listen [::]:80 default_server',
      'listen 0.0.0.0:443 ssl http2 default_server',
      'listen [::]:443 ssl http2 default_server',
      ...[...LARGE_UPLOADS_MB, 'platform'].flatMap(() => ['listen 0.0.0.0:443 ssl http2', 'listen [::]:443 ssl http2']),
      'listen unix:/var/lib/shophosting/edge/control.sock',
    ]);
    expect(listens('directive').filter((line) => line.includes('http2'))).toEqual(
      Array.from({ length: 2 + LARGE_UPLOADS_MB.length }, () => 'http2 on'),
    );
  });

  it('keeps no page and has no folder for any where the operator gives it no room', () => {
    const words = (pageCacheMb: number): string => JSON.stringify(aConfig({ pageCacheMb }));

    expect(words(256).match(/max_size=32m/g)).toHaveLength(8);
    expect(words(24).match(/max_size=24m/g)).toHaveLength(1);
    expect(words(10_000).match(/max_size=312m/g)).toHaveLength(32);
    expect(words(0)).not.toMatch(/proxy_cache|auth_request|@pages/);
  });

  it('redirects for good only to the port that stays', () => {
    const redirect = (httpsPort: number): unknown => {
      const places = servers(aConfig({ httpsPort }))[0]?.block?.filter(({ words }) => words.join(' ') === 'location /');
      return places?.[0]?.block?.find(({ words }) => words[0] === 'return')?.words;
    };

    expect(redirect(443)).toEqual(['return', '308', 'https://$host$request_uri']);
    expect(redirect(8443)).toEqual(['return', '307', 'https://$host:8443$request_uri']);
  });

  it('is refused for a DATA_DIR that nginx would read as something else, or that is too deep for a socket', () => {
    expect(() => aConfig({ folders: edgeFolders('/srv/$host') })).toThrow(/path/);
    expect(() => edgeFolders(`/${'x'.repeat(100)}`)).toThrow(/too long/);
    expect(aConfig({ folders: edgeFolders('/srv/my shops') })).not.toEqual([]);
  });
});

describe('the maps', () => {
  it('say for each host where it leads and in which state, sorted, the same for the same routes', () => {
    const routes = [
      aRoute({ hostname: 'b.localhost', port: 8002, storeId: 'sto_2', state: 'making' }),
      aRoute({ hostname: 'a.localhost', redirectTo: null, uploadMb: 128, pageLifetime: '1h' }),
      aRoute({ hostname: 'www.a.localhost', redirectTo: 'a.localhost' }),
    ];
    const certificates = new Map([
      ['a.localhost', { folder: '/c/a.localhost', isPubliclyTrusted: true }],
      ['panel.localhost', { folder: '/c/panel.localhost', isPubliclyTrusted: false }],
      ['gone.localhost', { folder: '/c/gone.localhost', isPubliclyTrusted: true }],
    ]);
    const maps = renderMaps({ routes, platformHost: 'panel.localhost', certificates });

    expect(maps).toEqual({
      'states.map': 'panel.localhost platform;\na.localhost live;\nb.localhost making;\nwww.a.localhost live;\n',
      'ports.map': 'a.localhost 8001;\nb.localhost 8002;\nwww.a.localhost 8001;\n',
      'stores.map': 'panel.localhost platform;\na.localhost sto_1;\nb.localhost sto_2;\nwww.a.localhost sto_1;\n',
      'caching.map': 'a.localhost 1h;\n',
      'redirects.map': 'www.a.localhost a.localhost;\n',
      'certificates.map': 'a.localhost /c/a.localhost;\npanel.localhost /c/panel.localhost;\n',
      'hsts.map': 'a.localhost "max-age=15552000";\n',
      'uploads-128.map': 'server_name a.localhost;\n',
      'uploads-256.map': '',
      'uploads-512.map': '',
    });
    expect(renderMaps({ routes: routes.toReversed(), platformHost: 'panel.localhost', certificates })).toEqual(maps);
  });

  it('whatever a route holds, it is refused or is exactly one line in each map', () => {
    const state = fc.constantFrom<Route['state']>('making', 'live', 'failed', 'suspended');
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.domain(),
      fc.constantFrom('a;b', 'a b', '}', '$host', '~.', 'default'),
    );
    const id = fc.oneof(fc.string({ unit: 'binary' }), fc.stringMatching(/^sto_[a-z0-9]{1,26}$/));
    const route = fc.record({ hostname: text, storeId: id, port: fc.integer(), state, redirectTo: fc.option(text) });
    fc.assert(
      fc.property(route, (hostile) => {
        const { writable, refused } = refuseUnwritable([hostile], 'localhost');
        expect(writable.length + refused.length).toBe(1);
        const maps = renderMaps({ routes: writable, platformHost: 'localhost', certificates: new Map() });

        const lines = writable.map(({ hostname }) => hostname);
        expect(parseNginx(maps['ports.map'] ?? '')).toEqual(
          lines.map((name) => ({ words: [name, String(hostile.port)] })),
        );
        expect(parseNginx(maps['stores.map'] ?? '')).toEqual(
          [['localhost', 'platform'], ...lines.map((name) => [name, hostile.storeId])].map((words) => ({ words })),
        );
      }),
      { numRuns: 2000 },
    );
  });

  it('give no store the platform’s own host', () => {
    expect(refuseUnwritable([aRoute({ hostname: 'localhost' })], 'localhost').refused).toEqual([
      { hostname: 'localhost', reason: 'This name belongs to the platform itself.' },
    ]);
  });
});
