import { z } from 'zod';
import { LETS_ENCRYPT, LETS_ENCRYPT_STAGING } from '../domain/certificates.ts';
import * as read from './schemas.ts';

/** The headings of `.env.example` and of `shopctl config`, in the order a reader needs them. */
export const GROUPS = [
  'Addresses',
  'Folders',
  'Secrets',
  'Database',
  'Redis',
  'Stores',
  'Accounts',
  'Mail',
  'Certificates',
  'Domains',
  'Webhooks',
  'Images',
  'Processes',
] as const;

interface SettingFacts {
  readonly group: (typeof GROUPS)[number];
  /** One or two sentences for whoever edits `.env`. */
  readonly purpose: string;
  /** How the default is told where it is not a fixed text (chosen or made by `shopctl up`). */
  readonly defaultNote?: string;
  readonly example?: string;
  /** Never printed; may come from the file that `NAME_FILE` names. */
  readonly isSecret?: boolean;
  /** `up` makes a value once and keeps it in `DATA_DIR`. */
  readonly madeByUp?: boolean;
  /** Why production does not start without it, or without looking at it. */
  readonly production?: string;
}

const withDefault = <S extends z.ZodType<unknown, string>>(facts: SettingFacts & { schema: S; default: string }) => ({
  ...facts,
  schema: facts.schema.prefault(facts.default as z.core.util.NoUndefined<z.input<S>>),
});

const optional = <S extends z.ZodType<unknown, string>>(facts: SettingFacts & { schema: S }) => ({
  ...facts,
  default: undefined,
  schema: facts.schema.optional(),
});

/** Every setting there is, documented once: `.env.example`, `shopctl config` and the errors are made from this table. */
export const SETTINGS = {
  BASE_DOMAIN: withDefault({
    group: 'Addresses',
    schema: read.hostname,
    default: 'localhost',
    purpose:
      'Stores are reached as NAME.BASE_DOMAIN. With localhost the edge listens on this machine only; with a domain of yours, point *.BASE_DOMAIN at this machine.',
    example: 'shops.example.net',
    production: 'needs a domain of yours',
  }),
  PUBLIC_URL: optional({
    group: 'Addresses',
    schema: read.webUrl,
    purpose: "Where the platform's own pages are reached.",
    defaultNote: 'https://BASE_DOMAIN, with HTTPS_PORT when it is not 443',
    example: 'https://panel.example.com',
    production:
      "must be on another registrable domain than BASE_DOMAIN, or tenants' pages are same-site with the panel",
  }),
  ALLOW_SHARED_SITE: withDefault({
    group: 'Addresses',
    schema: read.flag,
    default: '0',
    purpose: 'Lets production run with PUBLIC_URL and the stores under one registrable domain. Know what you do.',
  }),
  HTTP_PORT: optional({
    group: 'Addresses',
    schema: read.port,
    purpose: "The edge's port for http.",
    defaultNote: '80 when it and 443 are free, else 8080 or the next free one; chosen once, then kept',
    example: '80',
    madeByUp: true,
  }),
  HTTPS_PORT: optional({
    group: 'Addresses',
    schema: read.port,
    purpose: "The edge's port for https.",
    defaultNote: '443 when it and 80 are free, else 8443 or the next free one; chosen once, then kept',
    example: '443',
    madeByUp: true,
  }),
  LISTEN_ADDRESS: optional({
    group: 'Addresses',
    schema: read.listenAddress,
    purpose: 'The address the edge listens on.',
    defaultNote: '127.0.0.1 with BASE_DOMAIN=localhost, else 0.0.0.0',
    example: '0.0.0.0',
  }),
  WEB_PORT: withDefault({
    group: 'Addresses',
    schema: read.port,
    default: '5000',
    purpose: 'Where the web process listens, on loopback, behind the edge.',
  }),

  PAGE_CACHE_MB: withDefault({
    group: 'Addresses',
    schema: read.megabytes,
    default: '256',
    purpose:
      'What pages of all shops, kept by the edge for visitors without a cart or an account, may take on disk. 0 keeps none.',
  }),

  DATA_DIR: withDefault({
    group: 'Folders',
    schema: read.folder,
    default: '/var/lib/shophosting',
    purpose: "The platform's own data: its databases, certificates, logs, secrets, tools. One per instance.",
  }),
  CUSTOMERS_DIR: withDefault({
    group: 'Folders',
    schema: read.folder,
    default: '/var/customers',
    purpose: "The stores' folders.",
  }),
  ARTIFACTS_DIR: optional({
    group: 'Folders',
    schema: read.folder,
    purpose: 'Application archives (woocommerce.zip, …) and cached bases; may be shared by instances.',
    defaultNote: 'DATA_DIR/artifacts',
    example: '/srv/shophosting-artifacts',
  }),

  SECRET_KEY: optional({
    group: 'Secrets',
    schema: read.text,
    isSecret: true,
    madeByUp: true,
    purpose:
      "Seals the stores' secrets and signs sessions. At least 32 random characters. Losing it loses every sealed secret.",
    defaultNote: 'made once by shopctl up, kept in DATA_DIR/secrets',
    production: 'short and well-known values are refused',
  }),
  SECRET_KEY_OLD: optional({
    group: 'Secrets',
    schema: read.formerKeys,
    isSecret: true,
    purpose:
      'While SECRET_KEY is being changed: the one before, or several, newest first, parted by spaces. They open what shopctl secrets reseal has not sealed anew yet; take them out when it says that nothing is left.',
  }),

  DB_HOST: optional({
    group: 'Database',
    schema: read.text,
    purpose: 'A MySQL (8.4 or later) or MariaDB (10.11 or later) of your own.',
    defaultNote: 'none: shopctl up runs a MySQL of its own on loopback',
    example: 'db.internal.example.net',
  }),
  DB_PORT: optional({
    group: 'Database',
    schema: read.port,
    purpose: 'Its port.',
    defaultNote: '3306 with DB_HOST, else a free port chosen once',
    example: '3306',
    madeByUp: true,
  }),
  DB_NAME: withDefault({
    group: 'Database',
    schema: read.databaseIdentifier,
    default: 'shophosting',
    purpose: "The platform's database.",
  }),
  DB_USER: withDefault({
    group: 'Database',
    schema: read.databaseIdentifier,
    default: 'shophosting',
    purpose: "The worker's database user.",
  }),
  DB_PASSWORD: optional({
    group: 'Database',
    schema: read.text,
    isSecret: true,
    madeByUp: true,
    purpose: 'Its password. Needed with DB_HOST.',
    defaultNote: 'made once by shopctl up for its own MySQL',
  }),
  DB_WEB_USER: optional({
    group: 'Database',
    schema: read.databaseIdentifier,
    purpose: "The web process's database user, with fewer rights.",
    defaultNote: 'DB_USER_web where shopctl makes the users, else DB_USER',
  }),
  DB_WEB_PASSWORD: optional({
    group: 'Database',
    schema: read.text,
    isSecret: true,
    madeByUp: true,
    purpose: 'Its password.',
    defaultNote: 'made once where shopctl makes the users, else DB_PASSWORD',
  }),
  DB_MIGRATE_USER: optional({
    group: 'Database',
    schema: read.databaseIdentifier,
    purpose: 'The database user for schema changes.',
    defaultNote: 'DB_USER_migrate where shopctl makes the users, else DB_USER',
  }),
  DB_MIGRATE_PASSWORD: optional({
    group: 'Database',
    schema: read.text,
    isSecret: true,
    madeByUp: true,
    purpose: 'Its password.',
    defaultNote: 'made once where shopctl makes the users, else DB_PASSWORD',
  }),
  DB_ADMIN_USER: optional({
    group: 'Database',
    schema: read.text,
    purpose: 'With DB_HOST: an administrator with whom shopctl migrate creates the database and its three users.',
    example: 'root',
  }),
  DB_ADMIN_PASSWORD: optional({
    group: 'Database',
    schema: read.text,
    isSecret: true,
    purpose: 'Its password. Needed only while migrate creates the users.',
  }),
  DB_POOL_SIZE: withDefault({
    group: 'Database',
    schema: read.count,
    default: '10',
    purpose: 'Database connections of each process.',
  }),

  REDIS_HOST: optional({
    group: 'Redis',
    schema: read.text,
    purpose: 'A Redis of your own (AOF on, maxmemory-policy noeviction).',
    defaultNote: 'none: shopctl up runs a Redis of its own on loopback',
    example: 'redis.internal.example.net',
  }),
  REDIS_PORT: optional({
    group: 'Redis',
    schema: read.port,
    purpose: 'Its port.',
    defaultNote: '6379 with REDIS_HOST, else a free port chosen once',
    example: '6379',
    madeByUp: true,
  }),
  REDIS_PASSWORD: optional({
    group: 'Redis',
    schema: read.text,
    isSecret: true,
    madeByUp: true,
    purpose: 'Its password.',
    defaultNote: 'made once by shopctl up for its own Redis',
  }),

  PORT_RANGE_START: withDefault({
    group: 'Stores',
    schema: read.port,
    default: '8001',
    purpose: 'First loopback port given to a store.',
  }),
  PORT_RANGE_END: withDefault({
    group: 'Stores',
    schema: read.port,
    default: '8010',
    purpose: 'Last port of the first range; when it is full the range grows by itself up to PORT_RANGE_MAX.',
  }),
  PORT_RANGE_MAX: withDefault({
    group: 'Stores',
    schema: read.port,
    default: '8999',
    purpose: 'No store gets a port above this one.',
  }),
  STORE_SUBNETS: withDefault({
    group: 'Stores',
    schema: read.cidr,
    default: '10.210.0.0/16',
    purpose:
      "The block the networks are cut from, a /27 each; the first is the platform's own. A second instance needs another block.",
  }),
  STORE_UIDS: withDefault({
    group: 'Stores',
    schema: read.uidRange,
    default: '200000-265535',
    purpose: 'User ids of the stores, one each. A second instance should get another range.',
  }),
  DEFAULT_MEMORY_LIMIT: withDefault({
    group: 'Stores',
    schema: read.memory,
    default: '1g',
    purpose: 'Memory of a store on the default plan.',
  }),
  DEFAULT_CPU_LIMIT: withDefault({
    group: 'Stores',
    schema: read.cpu,
    default: '1',
    purpose: 'Cores of a store on the default plan.',
  }),

  SHOP_COUNTRY: withDefault({
    group: 'Stores',
    schema: read.country,
    default: 'US:CA',
    purpose: 'The country that new shops stand in (ISO 3166), with its state where there is one.',
    example: 'DE',
  }),
  SHOP_CURRENCY: withDefault({
    group: 'Stores',
    schema: read.currency,
    default: 'USD',
    purpose: 'The currency that new shops begin with (ISO 4217).',
    example: 'EUR',
  }),
  SHOP_TIMEZONE: withDefault({
    group: 'Stores',
    schema: read.timezone,
    default: 'UTC',
    purpose: 'The time zone that new shops begin with.',
    example: 'Europe/Berlin',
  }),
  SHOP_LOCALE: withDefault({
    group: 'Stores',
    schema: read.locale,
    default: 'en_US',
    purpose:
      'The language that new shops begin with, where their platform can: Magento does, WordPress begins in English. Prepare images again after changing it.',
    example: 'de_DE',
  }),

  SIGNUPS: withDefault({
    group: 'Accounts',
    schema: z.enum(['open', 'closed'], 'must be open or closed'),
    default: 'open',
    purpose: 'Whether visitors may sign up. closed says so on the pages; who has an account still logs in.',
  }),
  SIGNUPS_PER_ADDRESS: withDefault({
    group: 'Accounts',
    schema: read.count,
    default: '20',
    purpose: 'New stores that one network address may sign up for in an hour.',
  }),
  SUPPORT_EMAIL: optional({
    group: 'Accounts',
    schema: read.plainMailAddress,
    purpose:
      'Whom customers write to for help: told on pages of problems, of closed shops, and at the foot of our mail.',
    defaultNote: 'none: nothing promises help by mail',
    example: 'help@example.com',
  }),
  TERMS_URL: optional({
    group: 'Accounts',
    schema: read.pageUrl,
    purpose: 'Your terms: whoever signs up agrees to them by a box beside the link, and the ledger keeps when.',
    defaultNote: 'none: nothing is asked',
    example: 'https://example.com/terms',
  }),
  GUIDE_URL: optional({
    group: 'Accounts',
    schema: read.pageUrl,
    purpose: 'Where customers read how it all works: linked at the foot of every page.',
    defaultNote: 'none: no link',
    example: 'https://example.com/help',
  }),
  SOURCE_URL: optional({
    group: 'Accounts',
    schema: read.pageUrl,
    purpose: 'Where the source of this installation can be had: linked at the foot of every page.',
    defaultNote: 'none: no link',
    example: 'https://example.com/source',
  }),
  STATUS_URL: optional({
    group: 'Accounts',
    schema: read.pageUrl,
    purpose: 'Where you tell of outages, best on another machine: linked at the foot of every page.',
    defaultNote: 'none: no link',
    example: 'https://status.example.com/',
  }),

  SMTP_HOST: optional({
    group: 'Mail',
    schema: read.text,
    purpose: 'The server that takes our mail. Without it mail is written to DATA_DIR/outbox as .eml files.',
    example: 'smtp.example.net',
    production: 'without it nobody gets mail',
  }),
  SMTP_PORT: withDefault({
    group: 'Mail',
    schema: read.port,
    default: '587',
    purpose: 'Its port: 587 (STARTTLS), 465 (TLS) or 25.',
  }),
  SMTP_USER: optional({ group: 'Mail', schema: read.text, purpose: 'Sign-in name, where the server asks for one.' }),
  SMTP_PASSWORD: optional({ group: 'Mail', schema: read.text, isSecret: true, purpose: 'Its password.' }),
  SMTP_CA_FILE: optional({
    group: 'Mail',
    schema: read.folder,
    purpose: 'Certificates (PEM) of the authority that signed its certificate, where that is not a public one.',
    defaultNote: 'the public authorities that Node knows',
    example: '/etc/ssl/certs/our-authority.pem',
  }),
  SMTP_FROM: optional({
    group: 'Mail',
    schema: read.mailAddress,
    purpose: 'The sender of our mail. Needed with SMTP_HOST.',
    defaultNote: 'shophosting@BASE_DOMAIN while mail goes to the outbox',
    example: 'ShopHosting <hello@example.com>',
  }),

  STORE_SMTP_PRIVATE: withDefault({
    group: 'Mail',
    schema: z.enum(['refused', 'allowed'], 'must be refused or allowed'),
    default: 'refused',
    purpose:
      "Whether a customer's own mail server may stand on this machine or a private network. allowed lets customers reach what is there.",
  }),

  ACME_EMAIL: optional({
    group: 'Certificates',
    schema: read.plainMailAddress,
    purpose:
      'Turns on certificates of a public authority for real domains, and tells it whom to write to. Names under localhost always get a local one.',
    example: 'admin@example.com',
    production: 'without it browsers trust no store, unless you bring a wildcard certificate',
  }),
  ACME_DIRECTORY: withDefault({
    group: 'Certificates',
    schema: read.acmeDirectory,
    default: LETS_ENCRYPT_STAGING,
    purpose: `The authority (ACME directory). The default is Let's Encrypt's staging, whose certificates no browser accepts: try with it, then set ${LETS_ENCRYPT}`,
    production: 'staging is only for trying; what it issued is replaced once the directory is another one',
  }),
  ACME_CA_FILE: optional({
    group: 'Certificates',
    schema: read.file,
    purpose: 'Whom to trust when talking to a private authority (PEM).',
    defaultNote: 'the roots that this machine trusts',
    example: '/etc/shophosting/acme-ca.pem',
  }),
  ACME_DNS_HOOK: optional({
    group: 'Certificates',
    schema: read.hookFile,
    purpose:
      'A program of yours that sets DNS records: with it one wildcard for *.BASE_DOMAIN serves all stores, which the weekly limits of authorities make necessary for many. Called as HOOK add and HOOK remove, with CERTBOT_DOMAIN and CERTBOT_VALIDATION in its environment (docs/operating/certificates.md).',
    example: '/usr/local/sbin/set-acme-record',
  }),
  ACME_DNS_SERVERS: optional({
    group: 'Certificates',
    schema: read.dnsServers,
    purpose: 'Whom to ask whether a name leads to this machine before a certificate is asked for; with commas between.',
    defaultNote: 'DNS_SERVERS',
    example: '9.9.9.9,1.1.1.1',
  }),
  WILDCARD_CERTIFICATE_FILE: optional({
    group: 'Certificates',
    schema: read.file,
    purpose:
      'A certificate of yours for *.BASE_DOMAIN with its chain (PEM), used for every store instead of one each. Looked at every minute: replace the files to renew it.',
    example: '/etc/shophosting/wildcard/fullchain.pem',
  }),
  WILDCARD_KEY_FILE: optional({
    group: 'Certificates',
    schema: read.file,
    purpose: 'Its key (PEM, no passphrase).',
    example: '/etc/shophosting/wildcard/privkey.pem',
  }),

  DNS_SERVERS: optional({
    group: 'Domains',
    schema: read.dnsServers,
    purpose:
      "Whom to ask for the DNS records of customers' own domains; with commas between. Public ones see a change as the world does.",
    defaultNote: 'the resolvers of this machine',
    example: '9.9.9.9,1.1.1.1',
  }),
  PUBLIC_ADDRESSES: optional({
    group: 'Domains',
    schema: read.addresses,
    purpose:
      'What customers point their domains at, with commas between: needed where this machine stands behind a NAT or a proxy.',
    defaultNote: 'the public addresses of this machine',
    example: '203.0.113.7,2001:db8::7',
  }),
  DOMAIN_QUARANTINE_DAYS: withDefault({
    group: 'Domains',
    schema: read.count,
    default: '30',
    purpose: 'For so many days after a store gave a domain up, only the same customer may connect it again.',
  }),

  WEBHOOKS_ALLOW_LOCAL: withDefault({
    group: 'Webhooks',
    schema: read.flag,
    default: '0',
    purpose:
      'Lets customers’ webhooks lead to plain HTTP and to addresses that are not public, such as your own machine: to try them out (docs/reference/webhooks.md).',
    production: 'refused',
  }),

  WORDPRESS_IMAGE: optional({
    group: 'Images',
    schema: read.text,
    purpose: 'Another image for WordPress stores (docs/reference/images.md says what it must keep).',
    defaultNote: 'built from images/wordpress',
    example: 'registry.example.net/shophosting/wordpress:2',
  }),
  MAGENTO_IMAGE: optional({
    group: 'Images',
    schema: read.text,
    purpose: 'Another image for Magento stores, with Magento in it.',
    defaultNote: 'built from images/magento and a project archive (docs/operating/magento.md)',
    example: 'registry.example.net/shophosting/magento:2',
  }),
  MAGENTO_QUEUE_IMAGE: optional({
    group: 'Images',
    schema: read.text,
    purpose: 'Another RabbitMQ for Magento stores that are made with a queue (MAGENTO_SERVICES).',
    defaultNote: 'built from images/rabbitmq',
  }),
  MAGENTO_VARNISH_IMAGE: optional({
    group: 'Images',
    schema: read.text,
    purpose: 'Another Varnish for Magento stores that are made with one (MAGENTO_SERVICES).',
    defaultNote: 'built from images/varnish',
  }),
  PHPMYADMIN_IMAGE: optional({
    group: 'Images',
    schema: read.text,
    purpose: 'Another phpMyAdmin for owners who look into their databases.',
    defaultNote: 'built from images/phpmyadmin when the first of them asks',
  }),
  MAGENTO_DB_IMAGE: optional({
    group: 'Images',
    schema: read.text,
    purpose:
      'Another image for the databases of Magento stores: MySQL or MariaDB in a version that your Magento accepts.',
    defaultNote: 'MariaDB 10.11, built from images/mariadb',
    example: 'registry.example.net/shophosting/mariadb:11.4',
  }),
  DB_IMAGE: optional({
    group: 'Images',
    schema: read.text,
    purpose: "Another image for the databases, the stores' and the platform's.",
    defaultNote: 'built from images/mysql',
  }),
  REDIS_IMAGE: optional({
    group: 'Images',
    schema: read.text,
    purpose: "Another image for the caches and the platform's queue.",
    defaultNote: 'built from images/redis',
  }),
  SEARCH_IMAGE: optional({
    group: 'Images',
    schema: read.text,
    purpose: 'Another image for the search engine of Magento stores.',
    defaultNote: "built from images/search and OpenSearch's own archive",
    example: 'registry.example.net/shophosting/opensearch:2.19',
  }),
  OPENSEARCH_SHA256: optional({
    group: 'Images',
    schema: read.sha256,
    purpose:
      'The sha256 of the one OpenSearch archive that may be used, whether you bring it or it is downloaded. Without it a download is checked by the sum that its vendor publishes beside it.',
    example: '0000000000000000000000000000000000000000000000000000000000000000',
  }),
  MAGENTO_REPO_PUBLIC_KEY: optional({
    group: 'Images',
    schema: read.text,
    isSecret: true,
    purpose:
      "Your access keys to the vendor's Magento repository (the public key is the user name): with both, Magento is fetched from there where no archive is in ARTIFACTS_DIR. Without them Mage-OS is.",
  }),
  MAGENTO_REPO_PRIVATE_KEY: optional({
    group: 'Images',
    schema: read.text,
    isSecret: true,
    purpose: 'The private key that belongs to it.',
  }),
  MAGENTO_LOCALES: withDefault({
    group: 'Images',
    schema: read.locales,
    default: 'en_US',
    purpose:
      'Languages whose pages are made when the Magento image is built, separated by commas; each takes 10 s and 110 MB. Prepare the image again after changing it.',
    example: 'en_US,de_DE',
  }),
  MAGENTO_SERVICES: withDefault({
    group: 'Stores',
    schema: read.magentoServices,
    default: '',
    purpose: 'What new Magento stores get besides: queue (RabbitMQ), varnish; separated by commas.',
    example: 'queue,varnish',
  }),

  GOLDEN_SNAPSHOTS: withDefault({
    group: 'Stores',
    schema: read.flag,
    default: '1',
    purpose: 'Makes new stores from a copy of one that was installed before, instead of installing each anew.',
  }),
  POOL_SIZE: withDefault({
    group: 'Stores',
    schema: read.countOrNone,
    default: '1',
    purpose:
      'Shops of the default plan that are made before anybody wants one, of WordPress and of WooCommerce; with 0 none of any plan and platform. Each takes the memory of a running store.',
  }),
  POOL_MAX: withDefault({
    group: 'Stores',
    schema: read.countOrNone,
    default: '10',
    purpose: 'While many stores are ordered, so many shops may wait at most, of each platform and plan.',
  }),

  WORKER_CONCURRENCY: withDefault({
    group: 'Processes',
    schema: read.count,
    default: '4',
    purpose: 'Stores that one worker process makes or removes at the same time.',
  }),
  WORKER_PROCESSES: withDefault({
    group: 'Processes',
    schema: read.count,
    default: '1',
    purpose: 'Worker processes that shopctl up keeps running.',
  }),
  WEB_CONCURRENCY: withDefault({
    group: 'Processes',
    schema: read.count,
    default: '2',
    purpose: 'Web processes.',
  }),
  PAGES_FROM_SOURCES: withDefault({
    group: 'Processes',
    schema: read.flag,
    default: '0',
    purpose:
      'Serves the pages from their sources, and changes them in the browser as they are edited; the web process then runs as whoever started it. Set by npm run dev.',
    production: 'refused',
  }),
  DOCKER_HOST: optional({
    group: 'Processes',
    schema: read.dockerSocket,
    purpose: "The engine's socket.",
    defaultNote: 'unix:///var/run/docker.sock',
    example: 'unix:///var/run/docker.sock',
  }),
  LOG_LEVEL: withDefault({
    group: 'Processes',
    schema: z.enum(
      ['fatal', 'error', 'warn', 'info', 'debug', 'trace'],
      'must be one of fatal, error, warn, info, debug, trace',
    ),
    default: 'info',
    purpose: 'The least severe lines that are logged: fatal, error, warn, info, debug, trace.',
  }),
  NODE_ENV: withDefault({
    group: 'Processes',
    schema: z.enum(['development', 'test', 'production'], 'must be development, test or production'),
    default: 'development',
    purpose: 'production refuses weak secrets and addresses that mix tenants with the panel.',
  }),
};

export type SettingName = keyof typeof SETTINGS;

const schemas = Object.fromEntries(Object.entries(SETTINGS).map(([name, setting]) => [name, setting.schema]));

/** All settings at once, from texts to values. */
export const SETTINGS_SCHEMA = z.object(schemas as { [Name in SettingName]: (typeof SETTINGS)[Name]['schema'] });
export type SettingValues = Readonly<z.output<typeof SETTINGS_SCHEMA>>;

/** One setting as text tells it, whatever its type. */
export interface Setting extends SettingFacts {
  readonly default: string | undefined;
  readonly schema: z.ZodType;
}

export const SETTING_NAMES = Object.keys(SETTINGS) as SettingName[];
export const settingOf = (name: SettingName): Setting => SETTINGS[name];
export const isSettingName = (name: string): name is SettingName => Object.hasOwn(SETTINGS, name);
