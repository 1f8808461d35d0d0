import { join } from 'node:path';
import { deriveKey } from '../adapters/crypto/derive-key.ts';
import { webhookSealingKey } from '../adapters/crypto/webhook-secrets.ts';
import type { Config } from '../config/config.ts';
import type { WebConfig } from '../config/web-config.ts';
import { packageRoot } from '../lib/package-root.ts';

/** Where the workers' sockets are: `DATA_DIR/run/workers`. */
export const workersFolderOf = ({ dataDir }: Pick<Config, 'dataDir'>): string => join(dataDir, 'run', 'workers');

/** Where the doors to owners' databases are: `DATA_DIR/run/databases`. */
export const databasesFolderOf = ({ dataDir }: Pick<Config, 'dataDir'>): string => join(dataDir, 'run', 'databases');

/** The account of the web process. */
export const WEB_USER = 'shophosting-web';

/** What the web process may know of the configuration; root writes it down for it, and nothing more. */
export function webConfigOf(config: Config): WebConfig {
  const { host, port, database, poolSize, users } = config.mysql;
  const { redis } = config;
  return {
    instanceId: config.instanceId,
    environment: config.environment,
    logLevel: config.logLevel,
    baseDomain: config.baseDomain,
    publicUrl: config.publicUrl,
    platformHost: config.platformHost,
    http: config.http,
    webPort: config.webPort,
    // Each process would watch and build the sources for itself.
    webConcurrency: config.pagesFromSources ? 1 : config.webConcurrency,
    pageCacheMb: config.pageCacheMb,
    pool: config.pool,
    pagesSources: config.pagesFromSources ? packageRoot() : null,
    mysql: { host, port, database, poolSize, ...users.web },
    redis: {
      host: redis.host,
      port: redis.port,
      ...(redis.password === undefined ? {} : { password: redis.password }),
    },
    ports: { ...config.ports, reserved: [...config.ports.reserved] },
    storeSubnets: config.storeSubnets,
    storeUids: config.storeUids,
    keys: {
      devices: Buffer.from(deriveKey(config.secretKey, 'devices')).toString('base64'),
      totp: Buffer.from(deriveKey(config.secretKey, 'totp')).toString('base64'),
      formerTotp: config.formerSecretKeys.map((key) => Buffer.from(deriveKey(key, 'totp')).toString('base64')),
      webhooks: webhookSealingKey(deriveKey(config.secretKey, 'webhooks')),
      passwordSalts: Buffer.from(deriveKey(config.secretKey, 'password-salts')).toString('base64'),
    },
    support: config.support,
    termsUrl: config.termsUrl,
    links: config.links,
    signUps: config.signUps,
    shopDefaults: { ...config.shopDefaults, builtLocales: [...config.shopDefaults.builtLocales] },
    domains: {
      publicAddresses: [...config.domains.publicAddresses],
      quarantineDays: config.domains.quarantineDays,
    },
    webhooks: config.webhooks,
    workersFolder: workersFolderOf(config),
    databasesFolder: databasesFolderOf(config),
  };
}
