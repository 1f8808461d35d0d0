import { PAGE_LIFETIME_NAMES, PAGE_LIFETIMES, type PageLifetime } from '../../domain/page-cache.ts';
import { HOUR, MINUTE, SECOND } from '../../lib/time.ts';
import { block, type ConfigFacts, directive as d } from './config-facts.ts';
import { NO_EPOCH } from './edge-folders.ts';
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
  port,
  seconds,
  storeId,
} from './nginx-syntax.ts';
import { ENDS_OF_IDS, type PageShelves, pageShelves, shelfFolder, shelfOf } from './page-shelves.ts';

/** How a lifetime is written in `caching.map`, and the code by which a request is handed to its location. */
const PLACES: Readonly<Record<PageLifetime, { readonly word: Leaf; readonly code: Leaf; readonly location: Leaf }>> = {
  '1m': { word: literal('1m'), code: count(571), location: literal('@pages-1m') },
  '10m': { word: literal('10m'), code: count(572), location: literal('@pages-10m') },
  '1h': { word: literal('1h'), code: count(573), location: literal('@pages-1h') },
  '1d': { word: literal('1d'), code: count(574), location: literal('@pages-1d') },
};

/** What nobody asked for that long goes, e.g. pages of an epoch that is over. */
const UNASKED = 6 * HOUR;
/**
 * So long everybody who asks for a page in the making waits for it. What turns out not to be kept is made for one after
 * the other until then, unless the shop says by `NOT_SHARED` that they need not.
 */
const SHARED_WAIT = 10 * SECOND;
/**
 * What a shop answers where a page made for nobody is of no use to anybody (`NOT_SHARED` of `kept-pages.php`). nginx
 * remembers it beside the keys, not on disk, and whoever asks meanwhile asks the shop itself, without waiting for others.
 */
const NOT_SHARED = count(470);
const NOT_SHARED_FOR = MINUTE;
/** Whoever waited for a page of a shop that is silent need not find that out one after the other. */
const SILENT_FOR = SECOND;
const PAST_CACHE = literal('@past-cache');

/** What advertising adds to addresses; scripts in the browser read it there, a shop's PHP has no use for it. */
const TRACKING =
  '(?:utm_[a-z_]{1,20}|gclid|gbraid|wbraid|gad_source|gad_campaignid|dclid|fbclid|msclkid|ttclid|twclid|li_fat_id|igshid|mc_cid|mc_eid|srsltid|yclid|_gl)=[^&#]*';
/** A path that everybody on the way reads alike: nothing in it is decoded into a slash, a dot or another folder. */
const PLAIN_PATH = '/[^?#]*';
const NOT_PLAIN = '(?!(?i)[^?]*(?://|/\\.|\\\\|%2[ef]|%5c|%00))';

/** Cookies that only scripts in the browser read: whoever brings no other is nobody to the shop. */
const HARMLESS =
  '(?:_ga(?:_[A-Za-z0-9]+)?|_gid|_gat[A-Za-z0-9_]*|_gcl_[a-z]+|__utm[a-z]+|_fbp|_fbc|_ttp|_tt_[a-z_]+|_uet(?:sid|vid)|_clck|_clsk|_hj[A-Za-z0-9_]+|_pk_[A-Za-z0-9._-]+|mtm_[a-z_]+|_pin_unauth|sbjs_[a-z_]+|tk_(?:ai|qs|lr|or|r3d)|wordpress_test_cookie|store_notice[a-f0-9]+|CookieConsent|cookieyes-consent|cookielawinfo-checkbox-[a-z-]+|CookieLawInfoConsent|viewed_cookie_policy|cmplz_[a-z_-]+|borlabs-cookie)=[^;]*';
/** Cookies by which everybody with the same value sees the same: the currency, the language. */
const CHOICE =
  '(?:(?:aelia_cs_selected_currency|wmc_current_currency|wcml_client_currency)=[A-Z]{3}|pll_language=[a-z]{2,3}(?:[-_][A-Za-z]{2,4})?)';

/** What a shop answers to one person, whatever it says about it. Its own language may call these otherwise: then the answer tells. */
const PRIVATE_PATH =
  '~*(?:^|/)(?:cart|basket|checkout|my-account|order-received|order-pay|view-order|lost-password|customer-logout|wc-api|wc-auth|wp-json|wp-admin|feed|rss2?|atom|rdf|trackback|embed)(?:/|$)';
/** Shops answer for any page of a list, also with 200 where there is none: of the hundredth and on nothing is kept. */
const FAR_PAGE = '~*/page/0*[1-9][0-9]{2,}(?:/|$)';
/** Files, which a shop's own web server has at hand, and programs. */
const NO_PAGE = '~*\\.(?!html?$)[a-z0-9]{1,10}(?:/|$)';
const PHONE = '~*^\\?1|Mobile|Android|Silk/|Kindle|BlackBerry|Opera Mini|Opera Mobi';

/** What in a request makes it more than a visitor's wish to see a page. */
const EXTRAS = literal(
  '$edge_is_own_host|$request_method|$edge_is_page|$edge_accepts|$http_authorization$http_range$content_length$http_transfer_encoding$http_x_requested_with$http_origin$http_upgrade$http_x_pjax',
);

/**
 * What an answer must be to be kept; each part is judged by itself, so that no header can stand in for another. Its length
 * is the one that nginx holds it to, whatever a shop wrote: of an answer to be kept nginx would write down any amount
 * otherwise, since what limits the others does not hold for it. Up to five megabytes.
 */
const TOO_LONG = literal('$edge_too_long');
const NO_HTML = literal('$edge_no_html');
const PACKED_OTHERWISE = literal('$edge_packed_otherwise');
const VARIES = literal('$edge_varies');
const SAYS_NO = literal('$edge_says_no');
/** nginx would keep any status for as long as an answer's `max-age` or `Expires` says. */
const OTHER_STATUS = literal('$edge_other_status');
/** What the shop's own plugin adds to a page that says nothing of how long it may be kept: see `kept-pages.php`. */
const WHILE_RENEWED = 'stale-while-revalidate=60';

/** Where pages are kept, and who may be shown one: all of it by maps, so that a request that is in doubt goes to the shop. */
export function pageCacheBasics({ folders, pageCacheMb, httpsPort }: ConfigFacts): Directive[] {
  if (pageCacheMb === 0) return [];
  const shelves = pageShelves(pageCacheMb);
  return [
    ...Array.from({ length: shelves.count }, (_, shelf) =>
      d(
        'proxy_cache_path',
        absolutePath(shelfFolder(folders, shelf, shelves)),
        literal('levels=1:2'),
        joined(literal('keys_zone='), zoneOf(shelf, shelves), literal(':'), megabytes(shelves.megabytesOfKeys)),
        joined(literal('max_size='), megabytes(shelves.megabytes)),
        joined(literal('inactive='), seconds(UNASKED)),
        literal('use_temp_path=off'),
      ),
    ),
    // A shop asked for thousands of addresses pushes out pages of its own shelf alone.
    map(literal('$edge_store'), literal('$edge_end_of_store'), literal(''), [
      d(literal('~(?<edge_last>.)$'), literal('$edge_last')),
    ]),
    map(
      literal('$edge_end_of_store'),
      literal('$edge_shelf'),
      zoneOf(0, shelves),
      [...ENDS_OF_IDS].map((end) => d(storeId(end), zoneOf(shelfOf(end, shelves), shelves))),
    ),
    map(literal('$host'), literal('$edge_lifetime'), literal(''), [d('include', literal('caching.map'))]),
    // Where nothing is kept here, a shop may have a page cache of its own, which has the word.
    map(literal('$edge_lifetime'), literal('$edge_past_cache'), literal('BYPASS'), [
      d(literal(''), literal('$upstream_http_x_cache')),
    ]),
    map(literal('$uri'), literal('$edge_is_page'), literal('1'), [
      d(literal(PRIVATE_PATH), literal('')),
      d(literal(FAR_PAGE), literal('')),
      d(literal(NO_PAGE), literal('')),
    ]),
    // As it goes to the shop and into the key, the same for both: without what the shop is not to see.
    map(literal('$request_uri'), literal('$edge_page'), literal(''), [
      d(
        literal(`~^${NOT_PLAIN}(?<edge_plain_path>${PLAIN_PATH})(?:\\?(?:${TRACKING}(?:&|$))*)?$`),
        literal('$edge_plain_path'),
      ),
      d(
        literal(
          `~^${NOT_PLAIN}(?<edge_paged_path>${PLAIN_PATH})\\?(?:${TRACKING}&)*paged=(?<edge_paged>[1-9][0-9]?)(?:&${TRACKING})*$`,
        ),
        literal('$edge_paged_path?paged=$edge_paged'),
      ),
    ]),
    map(literal('$http_cookie'), literal('$edge_choice'), literal(''), [
      d(literal(''), literal('-')),
      d(literal(`~^(?:${HARMLESS}(?:; *|$))+$`), literal('-')),
      d(literal(`~^(?:${HARMLESS}; *)*(?<edge_chosen>${CHOICE})(?:; *${HARMLESS})*$`), literal('$edge_chosen')),
    ]),
    map(literal('$edge_choice'), literal('$edge_choice_cookie'), literal('$edge_choice'), [
      d(literal('-'), literal('')),
    ]),
    map(literal('$http_accept'), literal('$edge_accepts'), literal(''), [
      d(literal(''), literal('1')),
      d(literal('~text/html|\\*/\\*'), literal('1')),
    ]),
    // Told in other letters or with another port, the same shop would be kept under another key.
    map(literal('$host|$http_host'), literal('$edge_is_own_host'), literal(''), [
      d(
        joined(literal('~^(?<edge_asked_host>[^|]+)\\|\\k<edge_asked_host>(?::'), port(httpsPort), literal(')?$')),
        literal('1'),
      ),
    ]),
    map(EXTRAS, literal('$edge_is_visit'), literal(''), [d(literal('~^1\\|(?:GET|HEAD)\\|1\\|1\\|$'), literal('1'))]),
    map(literal('$edge_is_visit|$edge_choice|$edge_page'), literal('$edge_pages'), literal(''), [
      d(literal('~^1\\|[^|]+\\|/'), literal('$edge_lifetime')),
    ]),
    map(literal('$http_sec_ch_ua_mobile $http_user_agent'), literal('$edge_device'), literal('desk'), [
      d(literal(PHONE), literal('phone')),
    ]),
    map(literal('$edge_device'), literal('$edge_agent'), literal('Mozilla/5.0 (page cache)'), [
      d(literal('phone'), literal('Mozilla/5.0 (Mobile; page cache)')),
    ]),
    // Two of each page: nearly all browsers can unpack, some programs cannot.
    map(literal('$http_accept_encoding'), literal('$edge_encoding'), literal('identity'), [
      d(literal('~*(?:^|[ ,])gzip *(?:$|,|; *q=(?:1|0\\.[0-9]*[1-9]))'), literal('gzip')),
    ]),
    map(literal('$sent_http_content_length'), TOO_LONG, literal('1'), [d(literal('~^[1-4]?[0-9]{1,6}$'), literal(''))]),
    map(literal('$upstream_http_content_type'), NO_HTML, literal('1'), [
      d(literal('~*^text/html *(?:;|$)'), literal('')),
    ]),
    map(literal('$edge_encoding/$upstream_http_content_encoding'), PACKED_OTHERWISE, literal('1'), [
      d(literal('gzip/'), literal('')),
      d(literal('identity/'), literal('')),
      d(literal('gzip/gzip'), literal('')),
    ]),
    map(literal('$upstream_http_vary'), VARIES, literal(''), [d(literal('~\\*'), literal('1'))]),
    map(literal('$upstream_http_pragma'), SAYS_NO, literal(''), [d(literal('~*no-cache'), literal('1'))]),
    map(literal('$upstream_status'), OTHER_STATUS, literal('1'), [d(literal('~(?:^|[ ,:])(?:200|301)$'), literal(''))]),
    // What cannot be emptied is not kept.
    map(literal('$edge_epoch'), literal('$edge_has_no_epoch'), literal(''), [d(literal(''), literal('1'))]),
    // A page that is emptied here must not live on in a browser.
    map(literal('$upstream_http_cache_control'), literal('$edge_revalidate'), literal('$upstream_http_cache_control'), [
      d(literal(''), literal('no-cache')),
      d(literal(WHILE_RENEWED), literal('no-cache')),
    ]),
  ];
}

/** In the location of everything a live shop answers: who may be shown a kept page is handed on. */
export function pageCacheTurns({ pageCacheMb }: ConfigFacts): Directive[] {
  if (pageCacheMb === 0) return [];
  return PAGE_LIFETIME_NAMES.map((name) =>
    block(
      'if',
      [literal('($edge_pages'), literal('='), joined(PLACES[name].word, literal(')'))],
      [d('return', PLACES[name].code)],
    ),
  );
}

/** What an answer that went past the cache says of itself. */
export function pastCache({ pageCacheMb }: ConfigFacts): Directive[] {
  return pageCacheMb === 0 ? [] : [d('add_header', literal('X-Cache'), literal('$edge_past_cache'), literal('always'))];
}

/** What the locations that keep pages have in common with those around them. */
interface Around {
  /** Of every answer. */
  readonly always: readonly Directive[];
  /** Where a shop that is silent leads: nginx takes what is around a location only if it has no `error_page` of its own. */
  readonly whenSilent: readonly Directive[];
  /** What becomes of a request that goes to the shop as it came. */
  readonly toShop: readonly Directive[];
}

/** The locations that keep pages, one for each lifetime: nginx takes no variable there. */
export function pageCacheLocations(facts: ConfigFacts, around: Around): Directive[] {
  if (facts.pageCacheMb === 0) return [];
  return [
    // What comes out of such a location may be one of our pages in its turn.
    d('recursive_error_pages', literal('on')),
    ...PAGE_LIFETIME_NAMES.map((name) => d('error_page', PLACES[name].code, literal('='), PLACES[name].location)),
    // Its ETag is made of the file's time and size: both are the store's epoch, looked up anew for each request.
    block(
      'location',
      [literal('='), literal('/.edge/epoch')],
      [
        d('internal'),
        d('etag', literal('on')),
        d('root', absolutePath(facts.folders.epochs)),
        d('try_files', literal('/$edge_store'), joined(literal('/'), literal(NO_EPOCH)), literal('=204')),
      ],
    ),
    ...PAGE_LIFETIME_NAMES.map((name) => block('location', [PLACES[name].location], keeping(facts, name, around))),
    block('location', [PAST_CACHE], around.toShop),
  ];
}

function keeping(facts: ConfigFacts, name: PageLifetime, around: Around): Directive[] {
  return [
    d('auth_request', literal('/.edge/epoch')),
    d('auth_request_set', literal('$edge_epoch'), literal('$sent_http_etag')),
    d('proxy_cache', literal('$edge_shelf')),
    // The store's id is the second word: by it a deleted store's pages are found again (kept-pages.ts).
    d(
      'proxy_cache_key',
      literal('$edge_epoch $edge_store $edge_encoding $edge_device $edge_choice $edge_forwarded_host $edge_page'),
    ),
    // Not 404: there are as many addresses of nothing as anybody cares to ask for.
    d('proxy_cache_valid', count(200), count(301), seconds(PAGE_LIFETIMES[name] * SECOND)),
    d('proxy_cache_valid', NOT_SHARED, seconds(NOT_SHARED_FOR)),
    d('proxy_cache_valid', count(502), count(504), seconds(SILENT_FOR)),
    d('proxy_intercept_errors', literal('on')),
    d('error_page', NOT_SHARED, literal('='), PAST_CACHE),
    ...around.whenSilent,
    d('proxy_cache_lock', literal('on')),
    d('proxy_cache_lock_timeout', seconds(SHARED_WAIT)),
    d('proxy_cache_lock_age', seconds(SHARED_WAIT)),
    // While a page is renewed it is shown for as long as the shop itself says, and not longer (RFC 5861): `updating` here
    // would show it for ever where the shop's next answer is not to be kept. And a shop that says 503 means it.
    d(
      'proxy_cache_use_stale',
      literal('error'),
      literal('timeout'),
      literal('http_500'),
      literal('http_502'),
      literal('http_504'),
    ),
    d('proxy_cache_background_update', literal('on')),
    d(
      'proxy_no_cache',
      TOO_LONG,
      NO_HTML,
      PACKED_OTHERWISE,
      VARIES,
      SAYS_NO,
      OTHER_STATUS,
      literal('$edge_has_no_epoch'),
    ),
    // Before its door is opened a shop's page is made anew, and kept.
    d('proxy_cache_bypass', literal('$edge_has_no_epoch'), literal('$edge_look_key')),
    // As everywhere; and Vary, since nothing that an answer could vary by gets to the shop. Never Set-Cookie.
    ignoredHeaders(literal('Vary')),
    // A page for everybody is made for nobody: the shop is told nothing that the key does not hold, but the address.
    d('proxy_pass_request_headers', literal('off')),
    d('proxy_pass_request_body', literal('off')),
    ...forwardedHeaders(facts),
    d('proxy_set_header', literal('Content-Length'), literal('')),
    d('proxy_set_header', literal('Accept'), literal('text/html,*/*;q=0.8')),
    d('proxy_set_header', literal('Accept-Encoding'), literal('$edge_encoding')),
    // The shop sends it in one piece, with its length.
    d('proxy_set_header', literal('X-Shop-Page'), literal('whole')),
    d('proxy_set_header', literal('User-Agent'), literal('$edge_agent')),
    d('proxy_set_header', literal('Cookie'), literal('$edge_choice_cookie')),
    ...around.always,
    d('proxy_hide_header', literal('Cache-Control')),
    d('add_header', literal('Cache-Control'), literal('$edge_revalidate'), literal('always')),
    d('add_header', literal('X-Cache'), literal('$upstream_cache_status'), literal('always')),
    d('proxy_pass', literal('http://127.0.0.1:$edge_port$edge_page')),
  ];
}

/** The line of a host in `caching.map`. */
export const lifetimeWord = (lifetime: PageLifetime): Leaf => PLACES[lifetime].word;

/** nginx' memory of what stands on a shelf. A zone of this name never had another folder: nginx would refuse that. */
const zoneOf = (shelf: number, shelves: PageShelves): Leaf =>
  joined(literal('pages-'), count(shelf), literal('-of-'), count(shelves.count));

function map(source: Leaf, target: Leaf, fallback: Leaf, lines: readonly Directive[]): Directive {
  return block('map', [source, target], [d('default', fallback), ...lines]);
}
