import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { AppError } from '../domain/errors.ts';

/** Names the file that root has written for the web process; nothing else of the environment is for it. */
const FILE_VARIABLE = 'WEB_CONFIG_FILE';

const range = { start: z.int(), end: z.int() };

/** All that the web process is told. No `SECRET_KEY`, no other database user, no folder of a tenant. */
const WEB_CONFIG = z.object({
  instanceId: z.string(),
  environment: z.enum(['development', 'test', 'production']),
  logLevel: z.string(),
  baseDomain: z.string(),
  publicUrl: z.string(),
  platformHost: z.string(),
  http: z.object({ port: z.int(), httpsPort: z.int(), listenAddress: z.string() }),
  webPort: z.int(),
  webConcurrency: z.int(),
  pageCacheMb: z.int(),
  pool: z.object({ least: z.int(), most: z.int() }),
  mysql: z.object({
    host: z.string(),
    port: z.int(),
    database: z.string(),
    poolSize: z.int(),
    user: z.string(),
    password: z.string(),
  }),
  redis: z.object({ host: z.string(), port: z.int(), password: z.string().optional() }),
  ports: z.object({ ...range, max: z.int(), reserved: z.array(z.int()) }),
  storeSubnets: z.string(),
  storeUids: z.object(range),
  /** Sub-keys of `SECRET_KEY`, base64; none of them opens a secret of a store. That of webhooks only seals. */
  keys: z.object({
    devices: z.string(),
    passwordSalts: z.string(),
    totp: z.string(),
    /** Of keys of before, newest first. */
    formerTotp: z.array(z.string()),
    webhooks: z.string(),
  }),
  support: z.string().nullable(),
  termsUrl: z.string().nullable(),
  links: z.object({ guide: z.string().nullable(), source: z.string().nullable(), status: z.string().nullable() }),
  signUps: z.object({ areOpen: z.boolean(), perAddress: z.int() }),
  shopDefaults: z.object({
    country: z.string(),
    currency: z.string(),
    timezone: z.string(),
    locale: z.string(),
    builtLocales: z.array(z.string()),
  }),
  domains: z.object({ publicAddresses: z.array(z.string()), quarantineDays: z.int() }),
  webhooks: z.object({ isLocalAllowed: z.boolean() }),
  /** The tree whose pages are served from their sources; null where built ones are. */
  pagesSources: z.string().nullable(),
  /** Where workers listen for the few questions that only they can answer. */
  workersFolder: z.string(),
  databasesFolder: z.string(),
});

export type WebConfig = Readonly<z.output<typeof WEB_CONFIG>>;

/** What root has written for this process. Throws `configuration_invalid` when there is nothing to read. */
export function readWebConfig(): WebConfig {
  const file = process.env[FILE_VARIABLE];
  try {
    return WEB_CONFIG.parse(JSON.parse(readFileSync(file ?? '', 'utf8')));
  } catch (error) {
    throw new AppError('configuration_invalid', `${FILE_VARIABLE} (${file ?? 'not set'}) cannot be read.`, {
      cause: error,
      hint: 'shopctl up and the systemd units write it before they start the web process.',
    });
  }
}
