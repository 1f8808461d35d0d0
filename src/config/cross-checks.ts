import { getDomain } from 'tldts';
import type { SettingName, SettingValues } from './settings.ts';

const SECRET_KEY_LENGTH = 32;
const PASSWORD_LENGTH = 12;
/** Values that stand in examples and tutorials; whoever kept one has no secret. */
const WELL_KNOWN = /^(dev|test|change|default|example|secret|password|your|my|insecure|shophosting|admin|root|1234)/i;

type Texts = ReadonlyMap<SettingName, string>;

/** What no setting can tell alone. Each problem is one sentence that begins with the setting to change. */
export function problemsBetweenSettings(values: SettingValues, texts: Texts): string[] {
  return [
    ...rangeProblems(values),
    ...folderProblems(values),
    ...serviceProblems(values),
    ...mailProblems(values),
    ...certificateProblems(values, texts),
    ...magentoProblems(values),
    ...portProblems(values),
    ...(values.NODE_ENV === 'production' ? productionProblems(values, texts) : []),
  ];
}

function* rangeProblems(values: SettingValues): Generator<string> {
  const { PORT_RANGE_START: start, PORT_RANGE_END: end, PORT_RANGE_MAX: max } = values;
  if (end < start) yield `PORT_RANGE_END (${end}) must not be below PORT_RANGE_START (${start})`;
  if (max < end) yield `PORT_RANGE_MAX (${max}) must not be below PORT_RANGE_END (${end})`;
  if (start < 1024) yield `PORT_RANGE_START (${start}) must be 1024 or above`;
}

function* folderProblems(values: SettingValues): Generator<string> {
  const { DATA_DIR: data, CUSTOMERS_DIR: customers } = values;
  if (customers === data || customers.startsWith(`${data}/`) || data.startsWith(`${customers}/`)) {
    yield 'CUSTOMERS_DIR and DATA_DIR must lie beside each other, not in each other';
  }
}

function* serviceProblems(values: SettingValues): Generator<string> {
  if (values.DB_HOST !== undefined && values.DB_PASSWORD === undefined) yield 'DB_PASSWORD is needed with DB_HOST';
  if (values.DB_HOST === undefined && values.DB_ADMIN_USER !== undefined) {
    yield 'DB_ADMIN_USER is only for a database of your own: set DB_HOST too, or leave it out';
  }
  if (values.DB_ADMIN_USER !== undefined && values.DB_ADMIN_PASSWORD === undefined) {
    yield 'DB_ADMIN_PASSWORD is needed with DB_ADMIN_USER';
  }
  if (values.DB_WEB_USER !== undefined && values.DB_HOST !== undefined && values.DB_WEB_PASSWORD === undefined) {
    yield 'DB_WEB_PASSWORD is needed with DB_WEB_USER';
  }
  if (
    values.DB_MIGRATE_USER !== undefined &&
    values.DB_HOST !== undefined &&
    values.DB_MIGRATE_PASSWORD === undefined
  ) {
    yield 'DB_MIGRATE_PASSWORD is needed with DB_MIGRATE_USER';
  }
}

function* mailProblems(values: SettingValues): Generator<string> {
  if (values.SMTP_HOST !== undefined && values.SMTP_FROM === undefined) yield 'SMTP_FROM is needed with SMTP_HOST';
  if (values.SMTP_USER !== undefined && values.SMTP_PASSWORD === undefined)
    yield 'SMTP_PASSWORD is needed with SMTP_USER';
}

function* certificateProblems(values: SettingValues, texts: Texts): Generator<string> {
  for (const name of ['ACME_DIRECTORY', 'ACME_CA_FILE', 'ACME_DNS_HOOK'] as const) {
    if (texts.has(name) && values.ACME_EMAIL === undefined) yield `ACME_EMAIL is needed with ${name}`;
  }
  const { WILDCARD_CERTIFICATE_FILE: certificate, WILDCARD_KEY_FILE: key, ACME_DNS_HOOK: hook } = values;
  if (certificate !== undefined && key === undefined)
    yield 'WILDCARD_KEY_FILE is needed with WILDCARD_CERTIFICATE_FILE';
  if (key !== undefined && certificate === undefined)
    yield 'WILDCARD_CERTIFICATE_FILE is needed with WILDCARD_KEY_FILE';
  if (certificate !== undefined && hook !== undefined) {
    yield 'ACME_DNS_HOOK and WILDCARD_CERTIFICATE_FILE are two ways to one wildcard: set one of them';
  }
}

function* magentoProblems(values: SettingValues): Generator<string> {
  const { MAGENTO_REPO_PUBLIC_KEY: publicKey, MAGENTO_REPO_PRIVATE_KEY: privateKey } = values;
  if (publicKey !== undefined && privateKey === undefined)
    yield 'MAGENTO_REPO_PRIVATE_KEY is needed with MAGENTO_REPO_PUBLIC_KEY';
  if (privateKey !== undefined && publicKey === undefined)
    yield 'MAGENTO_REPO_PUBLIC_KEY is needed with MAGENTO_REPO_PRIVATE_KEY';
}

function* portProblems(values: SettingValues): Generator<string> {
  const taken = new Map<number, string>();
  for (const name of ['HTTP_PORT', 'HTTPS_PORT', 'WEB_PORT'] as const) {
    const port = values[name];
    if (port === undefined) continue;
    const other = taken.get(port);
    if (other !== undefined) yield `${name} must differ from ${other} (both are ${port})`;
    taken.set(port, name);
  }
}

function* productionProblems(values: SettingValues, texts: Texts): Generator<string> {
  const key = texts.get('SECRET_KEY');
  if (key !== undefined && (key.length < SECRET_KEY_LENGTH || isGuessable(key))) {
    yield `SECRET_KEY is too weak for production: at least ${SECRET_KEY_LENGTH} random characters (leave it out and shopctl up makes one)`;
  }
  const passwords = ['DB_PASSWORD', 'DB_WEB_PASSWORD', 'DB_MIGRATE_PASSWORD', 'REDIS_PASSWORD'] as const;
  for (const name of passwords) {
    const value = texts.get(name);
    if (value !== undefined && (value.length < PASSWORD_LENGTH || isGuessable(value))) {
      yield `${name} is too weak for production: at least ${PASSWORD_LENGTH} random characters`;
    }
  }
  if (values.PAGES_FROM_SOURCES) yield 'PAGES_FROM_SOURCES is for development only';
  if (values.WEBHOOKS_ALLOW_LOCAL)
    yield 'WEBHOOKS_ALLOW_LOCAL is for development only: customers could reach what only this machine may';
  if (values.PUBLIC_URL?.protocol === 'http:') yield 'PUBLIC_URL must start with https:// in production';
  const publicHost = values.PUBLIC_URL?.hostname ?? values.BASE_DOMAIN;
  if (!values.ALLOW_SHARED_SITE && isSameSite(publicHost, values.BASE_DOMAIN)) {
    yield `PUBLIC_URL (${publicHost}) must not share its registrable domain with BASE_DOMAIN (${values.BASE_DOMAIN}): tenants' pages would be same-site with the panel; use another domain, or set ALLOW_SHARED_SITE=1 knowing that`;
  }
}

/** Weak whatever its length: a known beginning, or hardly any different characters. */
export function isGuessable(secret: string): boolean {
  return WELL_KNOWN.test(secret) || new Set(secret).size < 6;
}

/** Would a browser send SameSite cookies from one to the other? */
export function isSameSite(a: string, b: string): boolean {
  const siteOf = (host: string): string => getDomain(host) ?? host.split('.').at(-1) ?? host;
  return siteOf(a) === siteOf(b);
}
