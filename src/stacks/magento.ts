import { ADMIN_USERNAME } from '../domain/names.ts';
import { SHOP_SETTING_NAMES } from '../domain/shop-settings.ts';
import { adminLinkAt, SHOP_OPERATIONS } from './shop-operations.ts';
import type { LogSource, ShopCommand, Stack, StackService } from './stack.ts';

const PROFILE = { cpuShare: 100, healthCommand: ['/usr/local/bin/healthcheck'], front: false, secrets: {} } as const;

const services = {
  web: {
    ...PROFILE,
    image: 'magento',
    memoryShare: 39,
    pidsLimit: 128,
    front: true,
    // Whatever became of the search engine's data: the products are in the database.
    mendedByInstaller: /^search: the index \S+ is missing\b/,
    secrets: {
      'db-password': 'db-password',
      'application-key': 'application-key',
      'queue-password': 'queue-password',
    },
  },
  // Magento is particular about its database's version (decision 020).
  db: {
    ...PROFILE,
    image: 'mariadb',
    memoryShare: 18,
    pidsLimit: 256,
    secrets: { 'db-password': 'db-password', 'db-root-password': 'db-root-password' },
  },
  cache: { ...PROFILE, image: 'redis', memoryShare: 4, pidsLimit: 64 },
  // Apart from the cache: a full cache forgets, and nobody's cart may be forgotten.
  sessions: { ...PROFILE, image: 'redis', memoryShare: 2, pidsLimit: 64 },
  search: { ...PROFILE, image: 'search', memoryShare: 26, pidsLimit: 512 },
  queue: {
    ...PROFILE,
    image: 'rabbitmq',
    memoryShare: 8,
    pidsLimit: 256,
    secrets: { 'queue-password': 'queue-password' },
    isOptional: true,
  },
  varnish: { ...PROFILE, image: 'varnish', memoryShare: 3, pidsLimit: 256, isOptional: true },
} as const satisfies Record<string, StackService>;

const container = (service: keyof typeof services, title: string): LogSource => ({
  kind: 'container',
  name: service,
  title,
  service,
});
const file = (name: string, title: string): LogSource => ({
  kind: 'file',
  name,
  title,
  service: 'web',
  path: `/var/www/magento/var/log/${name}.log`,
});

/**
 * env.php holds the database's password, and is made of the mounted files when the shop starts. No program of the image:
 * a shop keeps the image that it was made with, and those know of no such program.
 */
const RENDER_ENVIRONMENT: ShopCommand = {
  service: 'web',
  argv: [
    // As the image's own programs: only one at a time, and not for long.
    ...['flock', '--wait', '30', '--conflict-exit-code', '75', '/tmp/shop.lock'],
    ...['timeout', '--kill-after=5', '60'],
    'php',
    '-r',
    "umask(0027); require '/usr/local/lib/shop/facts.php'; $facts = shop_facts(); $facts === null || write_environment($facts); echo '{\"read\":true}', PHP_EOL;",
  ],
};

/** Magento Open Source, Adobe Commerce or Mage-OS: whichever project the operator brought. */
export const magento: Stack = {
  platform: 'magento',
  label: 'Magento',
  folder: 'magento',
  services,
  applications: {},
  // Its image could compile its code once for all as well; nobody has done so yet.
  compiled: null,
  preparation: 'on-demand',
  demands: { application: 'magento', database: 'mariadb', searchEngine: 'search' },
  // What a search engine that maps its index wants (docs of OpenSearch and Elasticsearch).
  kernelSettings: [{ name: 'vm.max_map_count', least: 262_144, image: 'search' }],
  dataFolders: ['database', 'sessions', 'search', 'queue', 'etc', 'var', 'media', 'mail', 'tmp'],
  leastMemoryMb: 2048,
  newAdminPath: (random) => `/admin_${random}/`,
  adminNotes: [
    'The address of the administration cannot be guessed, and that protects it: share it only with people who work in your shop.',
    'When you sign in for the first time, Magento asks for a second factor, and sends you a mail with the link to set it up.',
  ],
  stepTitles: {
    'start-containers': 'Starting your shop and its search engine',
    'install-application': 'Installing Magento, its catalogue and its search',
  },
  ahead: {
    input: { platform: 'magento', forNobody: true },
    // A copy's search engine and queues begin empty, and are filled as it is handed over.
    folders: ['database', 'etc', 'media'],
    still: ['etc'],
    warmUp: { host: 'nobody.shop.invalid', paths: ['/'] },
    identity: ['database/data/ib_buffer_pool', 'etc/env.php'],
  },
  installer: {
    command: ['/usr/local/bin/shop-install'],
    input: (store, { url, adminPassword, country, currency, timezone, locale }) => ({
      url,
      title: store.title,
      adminUsername: ADMIN_USERNAME,
      adminEmail: store.customerEmail,
      adminPassword,
      adminPath: store.adminPath,
      platform: store.platform,
      country: country.split(':')[0] ?? country,
      currency,
      timezone,
      locale,
    }),
  },
  // Indexes, queues and mails all wait for it. The command holds a lock: never twice at once in one shop.
  cron: { kind: 'command', command: { service: 'web', argv: ['/usr/local/bin/shop-cron'] } },
  logSources: [
    container('web', 'Web server and PHP'),
    container('db', 'Database'),
    container('cache', 'Cache'),
    container('sessions', 'Sessions'),
    container('search', 'Search'),
    container('queue', 'Queue'),
    container('varnish', 'Page cache'),
    file('system', 'Magento: system'),
    file('exception', 'Magento: exceptions'),
    file('cron', 'Magento: scheduled work'),
  ],
  operations: { ...SHOP_OPERATIONS, readSecrets: RENDER_ENVIRONMENT },
  settings: SHOP_SETTING_NAMES,
  startLocales: (built) => built,
  adminLink: adminLinkAt('open-admin.php'),
};
