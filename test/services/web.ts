import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { webhookSealingKey } from '../../src/adapters/crypto/webhook-secrets.ts';
import { createLog } from '../../src/adapters/log/create-log.ts';
import { runWeb } from '../../src/app/web.ts';
import type { WebConfig } from '../../src/config/web-config.ts';
import { probeUntil } from '../../src/lib/deadline.ts';
import { MINUTE } from '../../src/lib/time.ts';
import type { TestDatabase } from './for-each-database.ts';
import { freePort } from './free-port.ts';
import { startRedis } from './redis.ts';

/** The password of everybody who signs up here. */
export const PASSWORD = 'correct horse battery staple';

/** Every sub-key of the web process. */
export const TEST_KEY = Buffer.alloc(32, 7).toString('base64');

/** Everything can be had. */
export const OFFER = { unavailable: {}, closed: null, lanes: 4, usual: {}, writtenAt: Date.now() };
const SHOPCTL = fileURLToPath(new URL('../../bin/shopctl', import.meta.url));

export interface Answer {
  readonly status: number;
  readonly location: string;
  readonly headers: Headers;
  readonly body: string;
}

export interface Browser {
  /** Follows nothing; keeps cookies. */
  ask(path: string, form?: Record<string, string>, headers?: Record<string, string>): Promise<Answer>;
  /** Those that it would send, as a header. */
  cookies(): string;
}

export type Web = Awaited<ReturnType<typeof startWeb>>;

/** The web process as it is served, pages built, on a database and a Redis of its own; no worker answers it. */
export async function startWeb(database: TestDatabase) {
  await promisify(execFile)(process.execPath, [SHOPCTL, '--version']);
  const redis = await startRedis();
  const workersFolder = await mkdtemp(join(tmpdir(), 'shophosting-no-workers-'));
  const config = webConfig(database, redis.connection, await freePort(), workersFolder);
  const base = `http://127.0.0.1:${config.webPort}`;
  const writeOffer = () => database.repositories.settings.set('offer', { ...OFFER });
  await writeOffer();
  const stopping = new AbortController();
  const logLines: string[] = [];
  const write = (line: string): void => void logLines.push(line);
  const ended = runWeb(config, stopping.signal, createLog({ level: 'info', service: 'web' }, { write }));
  let seen = 'nothing';
  const askHealth = async (): Promise<true | undefined> => {
    try {
      const answer = await fetch(`${base}/healthz`);
      if (answer.ok) return true;
      seen = `${answer.status} ${await answer.text()}`;
    } catch (error) {
      seen = String(error);
    }
    return undefined;
  };
  const isUp = probeUntil(askHealth, { signal: AbortSignal.timeout(MINUTE), firstDelayMs: 50, maxDelayMs: 500 });
  await Promise.race([isUp, ended.then(() => Promise.reject(new Error('It ended.')))]).catch((error: unknown) => {
    throw new Error(`The web process did not come up, /healthz: ${seen}\n${logLines.join('')}`, { cause: error });
  });

  function browser(): Browser {
    const cookies = new Map<string, string>();
    const asHeader = (): string => [...cookies].map(([key, value]) => `${key}=${value}`).join('; ');
    return {
      cookies: asHeader,
      async ask(path, form, headers = {}) {
        const answer = await fetch(`${base}${path}`, {
          redirect: 'manual',
          headers: { ...headers, cookie: asHeader() },
          ...(form === undefined ? {} : { method: 'POST', body: new URLSearchParams(form) }),
        });
        for (const line of answer.headers.getSetCookie()) {
          const [, key = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
          if (value === '') cookies.delete(key);
          else cookies.set(key, value);
        }
        const location = answer.headers.get('location') ?? '';
        return { status: answer.status, location, headers: answer.headers, body: await answer.text() };
      },
    };
  }

  return {
    base,
    browser,
    redis,
    /** What the process has written down so far, as it would on a server. */
    logLines,
    /** Where a worker would be asked. */
    workersFolder,
    /** After the database was emptied. */
    writeOffer,
    async signUp(storeName: string, over: Record<string, string> = {}) {
      const person = browser();
      const { body } = await person.ask('/signup');
      const key = /name="idempotency_key" value="([^"]+)"/.exec(body)?.[1] ?? '';
      const form = {
        email: `${storeName}@example.com`,
        password: PASSWORD,
        store_name: storeName,
        platform: 'wordpress',
        idempotency_key: key,
        ...over,
      };
      const answer = await person.ask('/signup', form);
      return { person, form, answer, storeId: answer.location.replace('/stores/', '') };
    },
    async stop(): Promise<void> {
      stopping.abort();
      await ended;
      await redis.stop();
      await rm(workersFolder, { recursive: true, force: true });
    },
  };
}

function webConfig(
  database: TestDatabase,
  redis: { host: string; port: number },
  webPort: number,
  workersFolder: string,
): WebConfig {
  return {
    instanceId: 'testtest',
    environment: 'test',
    logLevel: 'fatal',
    baseDomain: 'shops.test',
    publicUrl: 'https://panel.test/',
    platformHost: 'panel.test',
    http: { port: 80, httpsPort: 443, listenAddress: '127.0.0.1' },
    webPort,
    webConcurrency: 1,
    pagesSources: null,
    pageCacheMb: 64,
    pool: { least: 1, most: 10 },
    mysql: { ...database.address('web'), poolSize: 10 },
    redis,
    ports: { start: 42_000, end: 42_009, max: 42_499, reserved: [] },
    storeSubnets: '10.180.0.0/16',
    storeUids: { start: 600_000, end: 600_999 },
    keys: {
      devices: TEST_KEY,
      passwordSalts: TEST_KEY,
      formerTotp: [],
      totp: TEST_KEY,
      webhooks: webhookSealingKey(Buffer.from(TEST_KEY, 'base64')),
    },
    support: null,
    termsUrl: null,
    links: { guide: 'https://help.test/', source: null, status: null },
    signUps: { areOpen: true, perAddress: 500 },
    shopDefaults: {
      country: 'US:CA',
      currency: 'USD',
      timezone: 'UTC',
      locale: 'en_US',
      builtLocales: ['en_US', 'de_DE'],
    },
    domains: { publicAddresses: ['203.0.113.7'], quarantineDays: 30 },
    webhooks: { isLocalAllowed: false },
    workersFolder,
    databasesFolder: workersFolder,
  };
}
