import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { AppError } from '../domain/errors.ts';
import { readSettings } from './read-settings.ts';

let workingFolder: string;
beforeEach(() => {
  workingFolder = mkdtempSync(join(tmpdir(), 'shophosting-settings-'));
});
afterEach(() => rmSync(workingFolder, { recursive: true, force: true }));

const read = (env: Record<string, string>) => readSettings({ env, workingFolder });

function refusalOf(env: Record<string, string>): AppError {
  try {
    read(env);
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
  throw new Error('The settings were accepted.');
}

describe('settings', () => {
  test('an empty environment is a working one', () => {
    const { values } = read({});

    expect(values).toMatchObject({
      BASE_DOMAIN: 'localhost',
      DATA_DIR: '/var/lib/shophosting',
      PORT_RANGE_START: 8001,
      DB_POOL_SIZE: 10,
    });
    expect(values.DEFAULT_MEMORY_LIMIT).toBe(1024);
    expect(values.DEFAULT_CPU_LIMIT).toBe(1000);
    expect(values.SECRET_KEY).toBeUndefined();
  });

  test('limits are read in the units people write', () => {
    const { values } = read({ DEFAULT_MEMORY_LIMIT: '512m', DEFAULT_CPU_LIMIT: '0.5' });

    expect([values.DEFAULT_MEMORY_LIMIT, values.DEFAULT_CPU_LIMIT]).toEqual([512, 500]);
  });

  test('every problem is in one message, and no secret is', () => {
    const error = refusalOf({
      HTTP_PORT: 'eighty',
      PORT_RANGE_START: '9000',
      PORT_RANGE_END: '8000',
      STORE_SUBNETS: '10.1.2.3/16',
      DB_HOST: 'db.example.net',
      NODE_ENV: 'production',
      SECRET_KEY: 'hunter2-is-short',
      DOCKER_HOST: 'tcp://elsewhere:2375',
    });

    expect(error.code).toBe('configuration_invalid');
    for (const name of [
      'HTTP_PORT',
      'PORT_RANGE_END',
      'STORE_SUBNETS',
      'DB_PASSWORD',
      'SECRET_KEY',
      'PUBLIC_URL',
      'DOCKER_HOST',
    ]) {
      expect(error.message).toContain(`- ${name} `);
    }
    expect(error.message).not.toContain('hunter2');
  });

  test('the environment wins over .env, and an empty value counts as not set', () => {
    writeFileSync(join(workingFolder, '.env'), 'WEB_PORT=5001\nBASE_DOMAIN=shops.example.net\n');

    const { values, setIn } = read({ WEB_PORT: '5002', BASE_DOMAIN: '' });

    expect([values.WEB_PORT, setIn.get('WEB_PORT')]).toEqual([5002, 'environment']);
    expect([values.BASE_DOMAIN, setIn.get('BASE_DOMAIN')]).toEqual(['shops.example.net', '.env']);
  });

  test('a secret may come from a file, but not from two places', () => {
    const file = join(workingFolder, 'key');
    writeFileSync(file, 'kW8s0mVtq3n5ZyXb7cRfGhJu2pLe9aDd\n');

    expect(read({ SECRET_KEY_FILE: file }).values.SECRET_KEY).toBe('kW8s0mVtq3n5ZyXb7cRfGhJu2pLe9aDd');
    expect(refusalOf({ SECRET_KEY_FILE: file, SECRET_KEY: 'x' }).message).toContain('both set');
    expect(refusalOf({ SECRET_KEY_FILE: `${file}-gone` }).message).toContain('SECRET_KEY_FILE cannot be read');
  });

  test.each([
    ['panel.example.com', 'example.net', true],
    ['panel.example.com', 'shops.example.com', false],
    ['panel.example.co.uk', 'other.co.uk', true],
    ['localhost', 'localhost', false],
  ])('production with the panel on %s and stores under %s: allowed is %s', (panel, base, isAllowed) => {
    const env = { NODE_ENV: 'production', PUBLIC_URL: `https://${panel}`, BASE_DOMAIN: base };

    if (isAllowed) expect(read(env).values.BASE_DOMAIN).toBe(base);
    else expect(refusalOf(env).message).toContain('ALLOW_SHARED_SITE');
    expect(read({ ...env, ALLOW_SHARED_SITE: '1' }).values.ALLOW_SHARED_SITE).toBe(true);
  });

  test.each(['dev-secret-key-change-in-production-please', 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 'kW8s0mVtq3n5'])(
    'production refuses the secret key %s',
    (key) => {
      const env = {
        NODE_ENV: 'production',
        PUBLIC_URL: 'https://a.example',
        BASE_DOMAIN: 'b.example',
        SECRET_KEY: key,
      };

      expect(refusalOf(env).message).toContain('SECRET_KEY is too weak');
    },
  );

  test('a name with a typing error is warned about, a foreign one is not', () => {
    writeFileSync(join(workingFolder, '.env'), 'COLOUR=blue\n');

    const { warnings } = read({
      REDIS_PROT: '1',
      SHOP_BASE_DOMAIN: 'x',
      HOME: '/root',
      SECRET_KEY_FILE: '',
      PATH: '/bin',
    });

    expect(warnings).toEqual([
      'COLOUR in .env is not a setting',
      'REDIS_PROT in the environment is not a setting; did you mean REDIS_PORT?',
      'SHOP_BASE_DOMAIN in the environment is not a setting; did you mean BASE_DOMAIN?',
    ]);
  });
});
