import { ADMIN_USERNAME } from '../domain/names.ts';
import { adminLinkAt, WORDPRESS_OPERATIONS } from './shop-operations.ts';
import type { Stack } from './stack.ts';

/** WordPress without a shop: also what every WordPress-based platform is made of. */
export const wordpress: Stack = {
  platform: 'wordpress',
  label: 'WordPress',
  folder: 'wordpress',
  services: {
    web: {
      image: 'wordpress',
      memoryShare: 45,
      cpuShare: 100,
      pidsLimit: 128,
      healthCommand: ['/usr/local/bin/healthcheck'],
      front: true,
      secrets: { 'db-password': 'db-password', 'wp-salts.json': 'application-salts' },
    },
    db: {
      image: 'mysql',
      memoryShare: 45,
      cpuShare: 100,
      pidsLimit: 256,
      healthCommand: ['/usr/local/bin/healthcheck'],
      front: false,
      secrets: { 'db-password': 'db-password', 'db-root-password': 'db-root-password' },
    },
    cache: {
      image: 'redis',
      memoryShare: 10,
      cpuShare: 100,
      pidsLimit: 64,
      healthCommand: ['/usr/local/bin/healthcheck'],
      front: false,
      secrets: {},
    },
  },
  applications: {},
  compiled: { service: 'web', applicationsAt: {} },
  preparation: 'at-start',
  demands: null,
  kernelSettings: [],
  dataFolders: [
    'database',
    'plugins',
    'themes',
    'uploads',
    'languages',
    'upgrade',
    'upgrade-temp-backup',
    'wp-cache',
    'mail',
    'tmp',
  ],
  leastMemoryMb: 512,
  newAdminPath: () => '/wp-admin/',
  adminNotes: [],
  stepTitles: {},
  installer: {
    command: ['/usr/local/bin/shop-install'],
    page: { port: 8082, path: '/hand-over', key: 'db-password' },
    input: (store, { url, adminPassword, country, currency, timezone }) => ({
      url,
      title: store.title,
      adminUsername: ADMIN_USERNAME,
      adminEmail: store.customerEmail,
      adminPassword,
      platform: store.platform,
      country,
      currency,
      timezone,
    }),
  },
  ahead: {
    input: { platform: 'wordpress', forNobody: true },
    folders: ['plugins', 'themes', 'uploads', 'languages', 'database'],
    still: ['plugins', 'themes', 'languages'],
    warmUp: { host: 'nobody.shop.invalid', paths: ['/', '/wp-login.php'] },
    identity: ['database/data/auto.cnf', 'database/data/*.pem', 'database/data/ib_buffer_pool'],
  },
  // Through its web server rather than by a command of its own: a fraction of the CPU.
  cron: { kind: 'request', path: '/wp-cron.php?doing_wp_cron' },
  logSources: [
    { kind: 'container', name: 'web', title: 'Web server and PHP', service: 'web' },
    { kind: 'container', name: 'db', title: 'Database', service: 'db' },
    { kind: 'container', name: 'cache', title: 'Cache', service: 'cache' },
  ],
  operations: WORDPRESS_OPERATIONS,
  settings: ['title', 'timezone', 'locale', 'maintenance'],
  // The texts of others come into a shop that is there.
  startLocales: () => ['en_US'],
  adminLink: adminLinkAt(''),
};
