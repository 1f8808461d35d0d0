import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { explainConfig } from './explain-config.ts';
import { loadConfig, prepareConfig } from './load-config.ts';

let folder: string;
let dataDir: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'shophosting-config-'));
  dataDir = join(folder, 'data');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const sources = (env: Record<string, string> = {}) => ({ env: { DATA_DIR: dataDir, ...env }, workingFolder: folder });
const allFree = async (): Promise<boolean> => true;

describe('configuration of a machine', () => {
  test('without an earlier up a command says what to run', () => {
    expect(() => loadConfig(sources())).toThrow(/has not been set up yet/);
  });

  test('what the first up chose and made stays, whatever is free later', async () => {
    const first = await prepareConfig(allFree, sources());

    const second = await prepareConfig(async () => false, sources());

    expect(second).toEqual(first);
    expect(loadConfig(sources())).toEqual(first);
    expect(first.http).toEqual({ port: 80, httpsPort: 443, listenAddress: '127.0.0.1' });
    expect(first.publicUrl).toBe('https://localhost/');
  });

  test('two first starts at once agree on one result', async () => {
    const [one, two] = await Promise.all([prepareConfig(allFree, sources()), prepareConfig(allFree, sources())]);

    expect(one).toEqual(two);
  });

  test('busy ports lead to the next pair, and no port is given twice', async () => {
    const busy = new Set([80, 8443, 18_080, 13_306]);

    const config = await prepareConfig(async (port) => !busy.has(port), sources({ WEB_PORT: '18081' }));

    expect(config.http).toMatchObject({ port: 18_082, httpsPort: 18_083 });
    expect(config.mysql.port).toBe(13_307);
    expect(new Set(config.ports.reserved).size).toBe(5);
  });

  test('secrets are long, all different, readable by root only, and never in the rows of explainConfig', async () => {
    const config = await prepareConfig(allFree, sources({ SMTP_PASSWORD: 'sesame-open-now' }));

    const files = readdirSync(join(dataDir, 'secrets'));
    const rows = explainConfig(sources({ SMTP_PASSWORD: 'sesame-open-now' }));
    expect(files.every((file) => (statSync(join(dataDir, 'secrets', file)).mode & 0o777) === 0o600)).toBe(true);
    expect(config.secretKey).toHaveLength(48);
    expect(
      new Set([
        config.secretKey,
        config.redis.password,
        ...Object.values(config.mysql.users).map((user) => user.password),
      ]).size,
    ).toBe(5);
    expect(JSON.stringify(rows)).not.toContain('sesame');
    expect(rows).toContainEqual(
      expect.objectContaining({ name: 'SMTP_PASSWORD', value: '********', source: 'environment' }),
    );
    expect(rows).toContainEqual(
      expect.objectContaining({ name: 'HTTP_PORT', value: '80', source: 'made by shopctl up' }),
    );
    expect(rows).toContainEqual(expect.objectContaining({ name: 'WEB_PORT', value: '5000', source: 'default' }));
  });

  test('the platform’s own MySQL gets three users; somebody’s only what they gave', async () => {
    const ours = await prepareConfig(allFree, sources());
    const theirs = await prepareConfig(allFree, sources({ DB_HOST: 'db', DB_USER: 'panel', DB_PASSWORD: 'sesame' }));
    const byAdmin = await prepareConfig(
      allFree,
      sources({ DB_HOST: 'db', DB_PASSWORD: 'sesame', DB_ADMIN_USER: 'root', DB_ADMIN_PASSWORD: 'r' }),
    );

    expect(Object.values(ours.mysql.users).map(({ user }) => user)).toEqual([
      'shophosting',
      'shophosting_web',
      'shophosting_migrate',
    ]);
    expect(ours.mysql.admin?.user).toBe('shophosting_admin');
    expect(theirs.mysql).toMatchObject({
      managed: false,
      host: 'db',
      port: 3306,
      users: { web: { user: 'panel', password: 'sesame' } },
    });
    expect(theirs.mysql.admin).toBeUndefined();
    expect(byAdmin.mysql.users.web).toMatchObject({ user: 'shophosting_web' });
    expect(byAdmin.mysql.admin).toEqual({ user: 'root', password: 'r' });
  });

  test('the configuration cannot be changed by whoever holds it', async () => {
    const config = await prepareConfig(allFree, sources());

    expect(() => Object.assign(config.ports, { start: 1 })).toThrow(TypeError);
  });

  test('damaged choices are an error, not a new instance', async () => {
    await prepareConfig(allFree, sources());
    writeFileSync(join(dataDir, 'choices.json'), '{"instanceId":');

    await expect(prepareConfig(allFree, sources())).rejects.toThrow(/choices\.json is damaged/);
  });

  test('with a domain of one’s own the edge listens everywhere', async () => {
    const config = await prepareConfig(
      allFree,
      sources({ BASE_DOMAIN: 'Shops.Example.net.', PUBLIC_URL: 'https://panel.example.com' }),
    );

    expect(config.baseDomain).toBe('shops.example.net');
    expect(config.http.listenAddress).toBe('0.0.0.0');
    expect([config.publicUrl, config.platformHost]).toEqual(['https://panel.example.com/', 'panel.example.com']);
  });
});
