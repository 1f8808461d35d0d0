import { LONGEST_REQUEST_S, largestBodyMb } from '../../domain/php-limits.ts';
import { DAY, MINUTE, SECOND } from '../../lib/time.ts';
import { block, type ConfigFacts, directive as d } from './config-facts.ts';
import { forwardedHeaders } from './forwarded-headers.ts';
import { ignoredHeaders } from './ignored-headers.ts';
import {
  absolutePath,
  count,
  type Directive,
  joined,
  type Leaf,
  literal,
  megabytes,
  seconds,
  systemUser,
} from './nginx-syntax.ts';
import { LOOK_KEY } from './opened-doors.ts';
import { pageCacheBasics } from './render-page-cache.ts';
import { platformUpstream, renderServers } from './render-servers.ts';

const HEADER_TIMEOUT = 15 * SECOND;
const BODY_TIMEOUT = MINUTE;
const SEND_TIMEOUT = MINUTE;
const KEEPALIVE_TIMEOUT = 65 * SECOND;
/** Loopback: an answer comes at once or never. */
const CONNECT_TIMEOUT = 3 * SECOND;
const PROXY_SEND_TIMEOUT = MINUTE;
/** Imports and plugin installs take their time; a shop itself ends what takes longer than its owner chose. */
const PROXY_READ_TIMEOUT = (LONGEST_REQUEST_S + 20) * SECOND;
/** After a reload old workers finish what they have begun, e.g. a long download. */
const OLD_WORKER_TIMEOUT = 10 * MINUTE;
/** A long answer that its visitor reads slowly is kept on disk up to here. */
const ANSWER_ON_DISK_MB = 64;
/** A host name of 253 characters needs a bucket of this size, in maps and of servers; at the default of 64, one of 72 fails the whole file. */
const MAP_BUCKET_SIZE = 512;

/** Headers that a client could send and that a shop, or a plugin of one, would believe. They go no further than here. */
const STRIPPED_HEADERS: readonly Leaf[] = [
  literal('X-Edge-Look'),
  literal('X-Shop-Cron'),
  literal('X-Shop-Page'),
  literal('Forwarded'),
  literal('Forwarded-For'),
  literal('X-Forwarded'),
  literal('X-Forwarded-Server'),
  literal('X-Forwarded-Prefix'),
  literal('X-Forwarded-Ssl'),
  literal('X-Forwarded-Scheme'),
  literal('X-Forwarded-Protocol'),
  literal('X-Forwarded-User'),
  literal('X-Original-Forwarded-For'),
  literal('X-Original-Host'),
  literal('X-Original-URL'),
  literal('X-Rewrite-URL'),
  literal('X-Url-Scheme'),
  literal('Front-End-Https'),
  literal('X-Host'),
  literal('Client-IP'),
  literal('X-Client-IP'),
  literal('X-Cluster-Client-IP'),
  literal('X-Remote-IP'),
  literal('X-Remote-Addr'),
  literal('X-ProxyUser-Ip'),
  literal('True-Client-IP'),
  literal('Fastly-Client-IP'),
  literal('CF-Connecting-IP'),
  literal('CF-IPCountry'),
  literal('CF-Visitor'),
  literal('X-Country-Code'),
  // CVE-2016-5385: a header named Proxy becomes HTTP_PROXY for the shop's PHP.
  literal('Proxy'),
];

/**
 * One line per request. No query strings: links for new passwords and returns from payment carry secrets in them. By the
 * connection, lines of the error log are told whose they are (store-lines.ts).
 */
const ACCESS_LOG_LINE = literal(
  '{"time":"$time_iso8601","connection":"$pid.$connection","store":"$edge_store","host":"$host","state":"$edge_state","client":"$remote_addr","method":"$request_method","path":"$edge_path","protocol":"$server_protocol","status":$status,"bytes":$body_bytes_sent,"seconds":$request_time,"upstreamStatus":"$upstream_status","upstreamSeconds":"$upstream_response_time","cache":"$upstream_cache_status","referer":"$edge_referer","agent":"$http_user_agent","tls":"$ssl_protocol"}',
);

/** The whole of nginx.conf. What depends on the stores is in the maps that it includes, from its own folder. */
export function renderConfig(facts: ConfigFacts): Directive[] {
  return [
    d('user', systemUser(facts.user)),
    d('worker_processes', literal('auto')),
    d('worker_rlimit_nofile', count(16_384)),
    d('worker_shutdown_timeout', seconds(OLD_WORKER_TIMEOUT)),
    d('pid', absolutePath(facts.folders.pidFile)),
    d('error_log', absolutePath(facts.folders.errorLog), literal('warn')),
    block('events', [], [d('worker_connections', count(4096))]),
    block(
      'http',
      [],
      [
        ...basics(facts),
        ...proxying(facts),
        ...maps(facts),
        ...pageCacheBasics(facts),
        ...tls(),
        platformUpstream(facts),
        ...renderServers(facts),
      ],
    ),
  ];
}

function basics({ folders }: ConfigFacts): Directive[] {
  const temporary = (name: string): Leaf => absolutePath(`${folders.temporary}/${name}`);
  return [
    d('default_type', literal('application/octet-stream')),
    d('server_tokens', literal('off')),
    d('sendfile', literal('on')),
    d('tcp_nopush', literal('on')),
    d('log_format', literal('edge'), literal('escape=json'), ACCESS_LOG_LINE),
    d('access_log', absolutePath(folders.accessLog), literal('edge')),
    d('client_body_temp_path', temporary('body')),
    d('proxy_temp_path', temporary('proxy')),
    d('fastcgi_temp_path', temporary('fastcgi')),
    d('uwsgi_temp_path', temporary('uwsgi')),
    d('scgi_temp_path', temporary('scgi')),
    d('client_max_body_size', megabytes(largestBodyMb())),
    d('large_client_header_buffers', count(4), literal('16k')),
    d('limit_conn_zone', literal('$binary_remote_addr'), literal('zone=panel:1m')),
    d('client_header_timeout', seconds(HEADER_TIMEOUT)),
    d('client_body_timeout', seconds(BODY_TIMEOUT)),
    d('send_timeout', seconds(SEND_TIMEOUT)),
    d('keepalive_timeout', seconds(KEEPALIVE_TIMEOUT)),
  ];
}

function proxying(facts: ConfigFacts): Directive[] {
  return [
    d('proxy_http_version', literal('1.1')),
    d('proxy_connect_timeout', seconds(CONNECT_TIMEOUT)),
    d('proxy_send_timeout', seconds(PROXY_SEND_TIMEOUT)),
    d('proxy_read_timeout', seconds(PROXY_READ_TIMEOUT)),
    // A shop's cookies and redirects fit; a slow visitor holds memory here, not a PHP process there.
    d('proxy_buffer_size', literal('16k')),
    d('proxy_buffers', count(8), literal('32k')),
    d('proxy_busy_buffers_size', literal('64k')),
    d('proxy_max_temp_file_size', megabytes(ANSWER_ON_DISK_MB)),
    ...forwardedHeaders(facts),
    ...STRIPPED_HEADERS.map((name) => d('proxy_set_header', name, literal(''))),
    // A shop's code must not steer this nginx, nor claim to be one of its own pages.
    ignoredHeaders(),
    d('proxy_hide_header', literal('X-Edge-Page')),
    d('proxy_hide_header', literal('X-Cache')),
    d('proxy_hide_header', literal('Strict-Transport-Security')),
  ];
}

function maps({ folders, hostCount, fallbackCertificate }: ConfigFacts): Directive[] {
  const host = literal('$host');
  return [
    d('map_hash_bucket_size', count(MAP_BUCKET_SIZE)),
    d('map_hash_max_size', count(hashSizeFor(hostCount))),
    d('server_names_hash_bucket_size', count(MAP_BUCKET_SIZE)),
    d('server_names_hash_max_size', count(hashSizeFor(hostCount))),
    lookup(host, literal('$edge_state'), literal('unknown'), literal('states.map')),
    // Where it is looked for whether a shop was opened since; of one that is live nothing is looked for. The platform, which
    // looks before, brings a key.
    block(
      'map',
      [literal('$edge_state $http_x_edge_look'), literal('$edge_opened')],
      [
        d('default', literal('')),
        d(literal('making '), joined(absolutePath(`${folders.opened}/`), literal('$edge_store'))),
        d(
          literal(`~^making (?<edge_look_key>${LOOK_KEY.source})$`),
          joined(absolutePath(`${folders.opened}/`), literal('$edge_store.$edge_look_key')),
        ),
      ],
    ),
    lookup(host, literal('$edge_port'), literal('0'), literal('ports.map')),
    lookup(host, literal('$edge_store'), literal(''), literal('stores.map')),
    lookup(host, literal('$edge_redirect'), literal(''), literal('redirects.map')),
    lookup(host, literal('$edge_hsts'), literal(''), literal('hsts.map')),
    // Lines to the web process are kept for the next request, a store's are not: it would hold a process of PHP meanwhile.
    block(
      'map',
      [literal('$proxy_host'), literal('$edge_connection')],
      [d('default', literal('close')), d(literal('platform'), literal(''))],
    ),
    // The name that a client asks for is only looked up here; it never becomes part of a path.
    lookup(
      literal('$ssl_server_name'),
      literal('$edge_certificate'),
      absolutePath(fallbackCertificate),
      literal('certificates.map'),
    ),
    // The Host header as it was sent, port included, unless a request line with a host of its own contradicts it.
    match(
      literal('$host $http_host'),
      literal('$edge_forwarded_host'),
      literal('~*^([^ ]+) \\1\\.?(?::[0-9]{1,5})?$'),
      literal('$http_host'),
      host,
    ),
    match(
      literal('$request_uri'),
      literal('$edge_path'),
      // What follows there is a way into somebody's database.
      literal('~^(?<edge_bare_path>/stores/[^/?]+/database/|[^?]*)'),
      literal('$edge_bare_path'),
    ),
    match(
      literal('$http_referer'),
      literal('$edge_referer'),
      literal('~^(?<edge_bare_referer>[^?#]*)'),
      literal('$edge_bare_referer'),
    ),
  ];
}

function lookup(source: Leaf, target: Leaf, fallback: Leaf, file: Leaf): Directive {
  return block('map', [source, target], [d('default', fallback), d('include', file)]);
}

function match(source: Leaf, target: Leaf, pattern: Leaf, value: Leaf, fallback: Leaf = literal('')): Directive {
  return block('map', [source, target], [d('default', fallback), d(pattern, value)]);
}

/** A power of two with room to spare: nginx warns, and looks up more slowly, when it is too small. */
function hashSizeFor(hostCount: number): number {
  return 2 ** Math.max(11, Math.ceil(Math.log2(2 * Math.max(1, hostCount))));
}

function tls(): Directive[] {
  const ciphers = literal(
    'ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305',
  );
  const folder = literal('$edge_certificate');
  return [
    d('ssl_protocols', literal('TLSv1.2'), literal('TLSv1.3')),
    d('ssl_ciphers', ciphers),
    d('ssl_prefer_server_ciphers', literal('off')),
    d('ssl_session_cache', literal('shared:edge:10m')),
    d('ssl_session_timeout', seconds(DAY)),
    // Tickets would be sealed with a key that lives as long as the master does: no forward secrecy.
    d('ssl_session_tickets', literal('off')),
    d('ssl_certificate', joined(folder, literal('/fullchain.pem'))),
    d('ssl_certificate_key', joined(folder, literal('/privkey.pem'))),
  ];
}
