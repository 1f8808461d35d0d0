import { AppError } from '../domain/errors.ts';
import type { Config } from './config.ts';
import { ensureMachineChoices, type MachineChoices, readMachineChoices } from './machine-choices.ts';
import { ownSources, type ReadSettings, readSettings, type SettingSources } from './read-settings.ts';
import type { SettingValues } from './settings.ts';

/**
 * The configuration of this machine, as every command but `up` reads it. Throws `configuration_invalid` with all
 * problems in one message, or with 'run shopctl up first' where no `up` has made its choices yet.
 */
export function loadConfig(sources: SettingSources = ownSources()): Config {
  const settings = readSettings(sources);
  const choices = readMachineChoices(settings.values.DATA_DIR);
  if (choices !== undefined) return shapeConfig(settings, choices);
  throw new AppError('configuration_invalid', `${settings.values.DATA_DIR} has not been set up yet.`, {
    hint: 'Run shopctl up (or npm start) first; with another DATA_DIR set, check it.',
  });
}

/** As `loadConfig`, but chooses and makes what is missing first. For `up` (under its lock) and for tests. */
export async function prepareConfig(
  isPortFree: (port: number) => Promise<boolean>,
  sources: SettingSources = ownSources(),
): Promise<Config> {
  const settings = readSettings(sources);
  return shapeConfig(settings, await ensureMachineChoices(settings.values, isPortFree));
}

function shapeConfig({ values, warnings }: ReadSettings, choices: MachineChoices): Config {
  const isLocal = values.BASE_DOMAIN === 'localhost' || values.BASE_DOMAIN.endsWith('.localhost');
  const http = {
    port: values.HTTP_PORT ?? choices.httpPort,
    httpsPort: values.HTTPS_PORT ?? choices.httpsPort,
    listenAddress: values.LISTEN_ADDRESS ?? (isLocal ? '127.0.0.1' : '0.0.0.0'),
  };
  const publicUrl =
    values.PUBLIC_URL ?? new URL(`https://${values.BASE_DOMAIN}${http.httpsPort === 443 ? '' : `:${http.httpsPort}`}`);
  const mysql = shapeMysql(values, choices);
  const redis = shapeRedis(values, choices);
  return deepFreeze({
    instanceId: choices.instanceId,
    environment: values.NODE_ENV,
    logLevel: values.LOG_LEVEL,
    baseDomain: values.BASE_DOMAIN,
    publicUrl: publicUrl.href,
    platformHost: publicUrl.hostname,
    http,
    webPort: values.WEB_PORT,
    dataDir: values.DATA_DIR,
    customersDir: values.CUSTOMERS_DIR,
    artifactsDir: values.ARTIFACTS_DIR ?? `${values.DATA_DIR}/artifacts`,
    mysql,
    redis,
    ports: {
      start: values.PORT_RANGE_START,
      end: values.PORT_RANGE_END,
      max: values.PORT_RANGE_MAX,
      reserved: [http.port, http.httpsPort, values.WEB_PORT, mysql.port, redis.port],
    },
    storeSubnets: values.STORE_SUBNETS,
    storeUids: values.STORE_UIDS,
    support: values.SUPPORT_EMAIL ?? null,
    termsUrl: values.TERMS_URL ?? null,
    links: {
      guide: values.GUIDE_URL ?? null,
      source: values.SOURCE_URL ?? null,
      status: values.STATUS_URL ?? null,
    },
    signUps: { areOpen: values.SIGNUPS === 'open', perAddress: values.SIGNUPS_PER_ADDRESS },
    shopDefaults: {
      country: values.SHOP_COUNTRY,
      currency: values.SHOP_CURRENCY,
      timezone: values.SHOP_TIMEZONE,
      locale: values.SHOP_LOCALE,
      builtLocales: builtLocalesOf(values),
    },
    defaultPlan: { memoryMb: values.DEFAULT_MEMORY_LIMIT, cpuMillis: values.DEFAULT_CPU_LIMIT },
    ...shapeMail(values),
    ...shapeCertificates(values),
    domains: {
      dnsServers: values.DNS_SERVERS ?? values.ACME_DNS_SERVERS ?? [],
      publicAddresses: values.PUBLIC_ADDRESSES ?? [],
      quarantineDays: values.DOMAIN_QUARANTINE_DAYS,
    },
    webhooks: { isLocalAllowed: values.WEBHOOKS_ALLOW_LOCAL },
    images: shapeImages(values),
    archivePins: values.OPENSEARCH_SHA256 === undefined ? {} : { opensearch: values.OPENSEARCH_SHA256 },
    ...shapeMagento(values),
    pageCacheMb: values.PAGE_CACHE_MB,
    usesSnapshots: values.GOLDEN_SNAPSHOTS,
    pool: { least: values.POOL_SIZE, most: Math.max(values.POOL_SIZE, values.POOL_MAX) },
    workerConcurrency: values.WORKER_CONCURRENCY,
    workerProcesses: values.WORKER_PROCESSES,
    webConcurrency: values.WEB_CONCURRENCY,
    pagesFromSources: values.PAGES_FROM_SOURCES,
    dockerSocket: values.DOCKER_HOST ?? '/var/run/docker.sock',
    secretKey: values.SECRET_KEY ?? choices.secrets['secret-key'],
    formerSecretKeys: values.SECRET_KEY_OLD ?? [],
    warnings,
  });
}

/** Where we (or `DB_ADMIN_*`) make the users they are three; where somebody gave us one, it serves for all that has no own. */
function shapeMysql(values: SettingValues, choices: MachineChoices): Config['mysql'] {
  const managed = values.DB_HOST === undefined;
  const isMakingUsers = managed || values.DB_ADMIN_USER !== undefined;
  const worker = { user: values.DB_USER, password: values.DB_PASSWORD ?? choices.secrets['mysql-worker'] };
  const other = (suffix: 'web' | 'migrate', user: string | undefined, password: string | undefined) =>
    isMakingUsers
      ? { user: user ?? `${values.DB_USER}_${suffix}`, password: password ?? choices.secrets[`mysql-${suffix}`] }
      : { user: user ?? worker.user, password: password ?? worker.password };
  const admin = managed
    ? { user: 'shophosting_admin', password: choices.secrets['mysql-admin'] }
    : values.DB_ADMIN_USER === undefined
      ? undefined
      : { user: values.DB_ADMIN_USER, password: values.DB_ADMIN_PASSWORD ?? '' };
  return {
    managed,
    host: values.DB_HOST ?? '127.0.0.1',
    port: values.DB_PORT ?? (managed ? choices.mysqlPort : 3306),
    database: values.DB_NAME,
    poolSize: values.DB_POOL_SIZE,
    users: {
      worker,
      web: other('web', values.DB_WEB_USER, values.DB_WEB_PASSWORD),
      migrate: other('migrate', values.DB_MIGRATE_USER, values.DB_MIGRATE_PASSWORD),
    },
    ...(admin === undefined ? {} : { admin }),
    ...(managed ? { rootPassword: choices.secrets['mysql-root'] } : {}),
  };
}

function shapeRedis(values: SettingValues, choices: MachineChoices): Config['redis'] {
  const managed = values.REDIS_HOST === undefined;
  const password = values.REDIS_PASSWORD ?? (managed ? choices.secrets.redis : undefined);
  return {
    managed,
    host: values.REDIS_HOST ?? '127.0.0.1',
    port: values.REDIS_PORT ?? (managed ? choices.redisPort : 6379),
    ...(password === undefined ? {} : { password }),
  };
}

function shapeMail(values: SettingValues): Pick<Config, 'smtp' | 'mailFrom' | 'storeMail'> {
  const storeMail = { mayBePrivate: values.STORE_SMTP_PRIVATE === 'allowed' };
  const mailFrom = values.SMTP_FROM ?? `ShopHosting <shophosting@${values.BASE_DOMAIN}>`;
  if (values.SMTP_HOST === undefined) return { mailFrom, storeMail };
  const smtp = {
    host: values.SMTP_HOST,
    port: values.SMTP_PORT,
    isImplicitTls: values.SMTP_PORT === 465,
    ...(values.SMTP_USER === undefined ? {} : { user: values.SMTP_USER }),
    ...(values.SMTP_PASSWORD === undefined ? {} : { password: values.SMTP_PASSWORD }),
    ...(values.SMTP_CA_FILE === undefined ? {} : { caFile: values.SMTP_CA_FILE }),
  };
  return { mailFrom, smtp, storeMail };
}

function shapeCertificates(values: SettingValues): Pick<Config, 'acme' | 'wildcardFiles'> {
  const { ACME_EMAIL: email, WILDCARD_CERTIFICATE_FILE: certificateFile, WILDCARD_KEY_FILE: keyFile } = values;
  return {
    ...(email === undefined
      ? {}
      : {
          acme: {
            directory: values.ACME_DIRECTORY,
            email,
            dnsServers: values.ACME_DNS_SERVERS ?? values.DNS_SERVERS ?? [],
            ...(values.ACME_CA_FILE === undefined ? {} : { caFile: values.ACME_CA_FILE }),
            ...(values.ACME_DNS_HOOK === undefined ? {} : { dnsHook: values.ACME_DNS_HOOK }),
          },
        }),
    ...(certificateFile === undefined || keyFile === undefined ? {} : { wildcardFiles: { certificateFile, keyFile } }),
  };
}

function shapeImages(values: SettingValues): Config['images'] {
  return {
    ...(values.WORDPRESS_IMAGE === undefined ? {} : { wordpress: values.WORDPRESS_IMAGE }),
    ...(values.MAGENTO_IMAGE === undefined ? {} : { magento: values.MAGENTO_IMAGE }),
    ...(values.MAGENTO_QUEUE_IMAGE === undefined ? {} : { rabbitmq: values.MAGENTO_QUEUE_IMAGE }),
    ...(values.MAGENTO_VARNISH_IMAGE === undefined ? {} : { varnish: values.MAGENTO_VARNISH_IMAGE }),
    ...(values.MAGENTO_DB_IMAGE === undefined ? {} : { mariadb: values.MAGENTO_DB_IMAGE }),
    ...(values.PHPMYADMIN_IMAGE === undefined ? {} : { phpmyadmin: values.PHPMYADMIN_IMAGE }),
    ...(values.DB_IMAGE === undefined ? {} : { mysql: values.DB_IMAGE }),
    ...(values.REDIS_IMAGE === undefined ? {} : { redis: values.REDIS_IMAGE }),
    ...(values.SEARCH_IMAGE === undefined ? {} : { search: values.SEARCH_IMAGE }),
  };
}

function shapeMagento(values: SettingValues): Pick<Config, 'buildArgs' | 'optionalServices' | 'repositoryKeys'> {
  const { MAGENTO_REPO_PUBLIC_KEY: publicKey, MAGENTO_REPO_PRIVATE_KEY: privateKey } = values;
  return {
    buildArgs: { magento: { LOCALES: builtLocalesOf(values).join(' ') } },
    optionalServices: { magento: values.MAGENTO_SERVICES },
    ...(publicKey === undefined || privateKey === undefined ? {} : { repositoryKeys: { publicKey, privateKey } }),
  };
}

/** The language that a new shop begins with is in its image, whatever else is. */
const builtLocalesOf = ({ MAGENTO_LOCALES, SHOP_LOCALE }: SettingValues): string[] => [
  ...new Set([...MAGENTO_LOCALES, SHOP_LOCALE]),
];

function deepFreeze<T extends object>(value: T): T {
  for (const inner of Object.values(value)) if (typeof inner === 'object' && inner !== null) deepFreeze(inner);
  return Object.freeze(value);
}
