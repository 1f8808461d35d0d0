import { PAGES_WITH_TOKENS } from '../../domain/one-time-token.ts';
import { LARGE_UPLOADS_MB, largestBodyMb } from '../../domain/php-limits.ts';
import { HOUR, SECOND } from '../../lib/time.ts';
import { block, type ConfigFacts, directive as d } from './config-facts.ts';
import {
  absolutePath,
  count,
  type Directive,
  digest,
  endpoint,
  hostname,
  joined,
  type Leaf,
  literal,
  megabytes,
  port,
  seconds,
  unixSocket,
} from './nginx-syntax.ts';
import { pageCacheLocations, pageCacheTurns, pastCache } from './render-page-cache.ts';

/** How a page of ours is reached: the code that `return` gives inside nginx, and what visitors see. */
interface PagePlace {
  readonly name: Leaf;
  /** 502 and 504 are nginx's own words for a silent upstream; the others are private to this file. */
  readonly codes: readonly Leaf[];
  readonly status: Leaf;
  readonly retryAfter?: Leaf;
}

const UNKNOWN: PagePlace = { name: literal('unknown'), codes: [count(560)], status: literal('=404') };
const MAKING = place(literal('making'), [count(561)], 5 * SECOND);
const FAILED = place(literal('failed'), [count(562)], HOUR);
const SUSPENDED = place(literal('suspended'), [count(563)], HOUR);
const SILENT: readonly Leaf[] = [count(502), count(504)];
const DOWN = place(literal('down'), SILENT, 30 * SECOND);
/** Idle connections to the web process, per process of nginx. */
const KEPT_CONNECTIONS = 16;
const UPSTREAM_KEEPALIVE_TIMEOUT = 30 * SECOND;
const PLATFORM_DOWN = place(literal('platform-down'), SILENT, 10 * SECOND);

/** nginx closes the connection without an answer. */
const NO_ANSWER = count(444);

/** At once, of one address; a stream of HTTP/2 counts as one. An office behind one address still fits. */
const PANEL_CONNECTIONS = 100;

/**
 * The same blocks for no store and for ten thousand: plain http, the stores and whatever is unknown, stores with large
 * uploads by their size, the platform, ourselves.
 */
export function renderServers(facts: ConfigFacts): Directive[] {
  return [
    redirectServer(facts),
    storesServer(facts, [literal('default_server')], [d('server_name', literal('_'))]),
    // How much a request may bring is no variable of nginx: hosts that may bring more are names of another server.
    ...LARGE_UPLOADS_MB.map((mb) =>
      storesServer(
        facts,
        [],
        [
          d('server_name', joined(literal('_uploads-'), count(mb))),
          d('include', uploadsFile(mb)),
          d('client_max_body_size', megabytes(largestBodyMb(mb))),
        ],
      ),
    ),
    platformServer(facts),
    controlServer(facts),
  ];
}

/** Names of the hosts whose largest upload this is. */
export const uploadsFile = (mb: number): Leaf => joined(literal('uploads-'), count(mb), literal('.map'));

/** Plain http: challenges of an authority, and the way to https for hosts that we know. Nothing else, not even a page. */
function redirectServer(facts: ConfigFacts): Directive {
  return server([
    ...facts.addresses.map((address) => d('listen', endpoint(address, facts.httpPort), literal('default_server'))),
    d('server_name', literal('_')),
    block(
      'location',
      [literal('^~'), literal('/.well-known/acme-challenge/')],
      [
        d('root', absolutePath(facts.folders.acme)),
        d('default_type', literal('text/plain')),
        d('try_files', literal('$uri'), literal('=404')),
      ],
    ),
    block(
      'location',
      [literal('/')],
      [when(literal('unknown'), NO_ANSWER), d('return', redirectCode(facts), secureAddress(facts))],
    ),
  ]);
}

function storesServer(facts: ConfigFacts, listening: readonly Leaf[], which: readonly Directive[]): Directive {
  return server([
    ...secureListeners(facts, listening),
    ...which,
    ...plainHttpHere(facts),
    hsts(),
    // The platform rings a shop's cron itself, on loopback; from outside it is a way to keep a shop busy.
    block('location', [literal('~*'), literal('^/wp-cron\\.php(/|$)')], [d('return', count(404))]),
    block(
      'location',
      [literal('/')],
      [
        when(literal('unknown'), count(560)),
        d('set', literal('$edge_shut'), literal('$edge_state')),
        block('if', [literal('(-f'), literal('$edge_opened)')], [d('set', literal('$edge_shut'), literal('live'))]),
        when(literal('making'), count(561), literal('$edge_shut')),
        when(literal('failed'), count(562)),
        when(literal('suspended'), count(563)),
        sentOn(facts),
        ...pageCacheTurns(facts),
        ...toShop(facts),
      ],
    ),
    ...pageCacheLocations(facts, { always: [hsts()], whenSilent: [pageFor(DOWN)], toShop: toShop(facts) }),
    ...pages(facts, [UNKNOWN, MAKING, FAILED, SUSPENDED, DOWN]),
  ]);
}

/** As it came, whatever it is. */
function toShop(facts: ConfigFacts): Directive[] {
  return [hsts(), ...pastCache(facts), d('proxy_pass', literal('http://127.0.0.1:$edge_port'))];
}

function platformServer(facts: ConfigFacts): Directive {
  return server([
    ...secureListeners(facts, []),
    d('server_name', hostname(facts.platformHost)),
    // Streams of progress stay open; nobody may hold all the lines that shops need too.
    d('limit_conn', literal('panel'), count(PANEL_CONNECTIONS)),
    d('limit_conn_status', count(429)),
    ...plainHttpHere(facts),
    hsts(),
    block(
      'location',
      [literal('~'), literal('^/stores/[^/]+/database/[^/]+/')],
      [
        untold(facts),
        d('proxy_request_buffering', literal('off')),
        d('proxy_max_temp_file_size', count(0)),
        ...toPlatform(),
      ],
    ),
    ...PAGES_WITH_TOKENS.map((page) =>
      // With what the router asks for of a page: `/reset-password.data`.
      block(
        'location',
        [literal('~'), literal(`^/${page}(?:[./]|$)`)],
        [untold(facts), ...toPlatform(), ...compressing()],
      ),
    ),
    block('location', [literal('/')], [...toPlatform(), ...compressing()]),
    ...pages(facts, [PLATFORM_DOWN]),
  ]);
}

/** The address is a key, and what nginx warns of it would write down. It warns of nothing that it need not keep. */
function untold({ folders }: ConfigFacts): Directive {
  return d('error_log', absolutePath(folders.errorLog), literal('crit'));
}

function toPlatform(): Directive[] {
  return [
    // By this address the web process knows that it is us, and that what we say of the visitor can be believed.
    d('proxy_bind', literal('127.0.0.2')),
    d('proxy_pass', literal('http://platform')),
  ];
}

/** The web process, by connections that are kept for the next request. */
export function platformUpstream({ webPort }: ConfigFacts): Directive {
  return block(
    'upstream',
    [literal('platform')],
    [
      d('server', endpoint('127.0.0.1', webPort)),
      d('keepalive', count(KEPT_CONNECTIONS)),
      // Shorter than the web process keeps them (web/server/listen.ts): it must not hang up on a request.
      d('keepalive_timeout', seconds(UPSTREAM_KEEPALIVE_TIMEOUT)),
    ],
  );
}

/**
 * Pages and what they load of themselves. What the build compressed passes as it is, events are never held back, and
 * JSON stays as it is: no answer may hold both a secret and what another site chose, or its length tells (BREACH).
 * Credentials are on a page only in answer to a POST, which only our own pages can send.
 */
function compressing(): Directive[] {
  return [
    d('gzip', literal('on')),
    // text/html always is; this is the router's own format.
    d('gzip_types', literal('text/x-script')),
    d('gzip_proxied', literal('any')),
    d('gzip_vary', literal('on')),
    d('gzip_min_length', count(1000)),
    d('gzip_comp_level', count(5)),
  ];
}

/** Answers which configuration is in effect; what a reload is confirmed with. */
function controlServer({ folders, generation }: ConfigFacts): Directive {
  return server([
    d('listen', unixSocket(folders.controlSocket)),
    d('server_name', literal('control')),
    d('access_log', literal('off')),
    d('default_type', literal('text/plain')),
    block('location', [literal('='), literal('/generation')], [d('return', count(200), digest(generation))]),
    block('location', [literal('/')], [d('return', count(404))]),
  ]);
}

function server(inner: readonly Directive[]): Directive {
  return block('server', [], inner);
}

function secureListeners({ addresses, httpsPort, http2 }: ConfigFacts, extra: readonly Leaf[]): Directive[] {
  const parameters = [literal('ssl'), ...(http2 === 'parameter' ? [literal('http2')] : []), ...extra];
  return [
    ...addresses.map((address) => d('listen', endpoint(address, httpsPort), ...parameters)),
    ...(http2 === 'directive' ? [d('http2', literal('on'))] : []),
  ];
}

/** Somebody who types http:// with the https port is sent where he meant to go, instead of an error 400. */
function plainHttpHere(facts: ConfigFacts): Directive[] {
  return [d('error_page', count(497), literal('=307'), secureAddress(facts))];
}

/**
 * Only names with a certificate that the public trusts get it (`hsts.map`). With one of our local CA it would lock out
 * everybody who has not installed that CA, and browsers keep it long after the name got another certificate.
 */
function hsts(): Directive {
  return d('add_header', literal('Strict-Transport-Security'), literal('$edge_hsts'), literal('always'));
}

function when(state: Leaf, code: Leaf, variable: Leaf = literal('$edge_state')): Directive {
  return block('if', [joined(literal('('), variable), literal('='), joined(state, literal(')'))], [d('return', code)]);
}

/**
 * Names that only lead to a shop's primary one. Permanent, as search engines want it, but never kept by browsers: the
 * primary may become another one, and two remembered redirects would send visitors round in circles.
 */
function sentOn(facts: ConfigFacts): Directive {
  return block(
    'if',
    [literal('($edge_redirect)')],
    [
      hsts(),
      header(literal('Cache-Control'), literal('no-store')),
      d('return', count(301), atHost('$edge_redirect', facts)),
    ],
  );
}

/** Permanent only on the ports that stay: browsers remember it, and a development machine may choose others tomorrow. */
function redirectCode({ httpsPort }: ConfigFacts): Leaf {
  return httpsPort === 443 ? count(308) : count(307);
}

const secureAddress = (facts: ConfigFacts): Leaf => atHost('$host', facts);

/** The same path at another host, by https. */
function atHost(host: '$host' | '$edge_redirect', { httpsPort }: ConfigFacts): Leaf {
  if (httpsPort === 443) return literal(`https://${host}$request_uri`);
  return joined(literal(`https://${host}:`), port(httpsPort), literal('$request_uri'));
}

function place(name: Leaf, codes: readonly Leaf[], retryAfterMs: number): PagePlace {
  return { name, codes, status: literal('=503'), retryAfter: count(retryAfterMs / SECOND) };
}

const addressOf = ({ name }: PagePlace): Leaf => joined(literal('/.edge/'), name, literal('.html'));
const pageFor = (it: PagePlace): Directive => d('error_page', ...it.codes, it.status, addressOf(it));

function pages({ folders }: ConfigFacts, places: readonly PagePlace[]): Directive[] {
  return places.flatMap((it) => {
    const { name, retryAfter } = it;
    return [
      pageFor(it),
      block(
        'location',
        [literal('='), addressOf(it)],
        [
          d('internal'),
          d('alias', joined(absolutePath(`${folders.pages}/`), name, literal('.html'))),
          d('default_type', literal('text/html')),
          d('charset', literal('utf-8')),
          header(literal('X-Edge-Page'), name),
          ...(retryAfter === undefined ? [] : [header(literal('Retry-After'), retryAfter)]),
          header(literal('Cache-Control'), literal('no-store')),
          header(literal('X-Robots-Tag'), literal('noindex')),
          header(literal('X-Content-Type-Options'), literal('nosniff')),
          header(literal('Referrer-Policy'), literal('no-referrer')),
          header(
            literal('Content-Security-Policy'),
            literal(
              "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
            ),
          ),
        ],
      ),
    ];
  });
}

function header(name: Leaf, value: Leaf): Directive {
  return d('add_header', name, value, literal('always'));
}
