import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { expect, test } from 'vitest';
import { renderEnvExample } from './env-example.ts';
import { readSettings } from './read-settings.ts';
import { SETTING_NAMES } from './settings.ts';

const COMMITTED = readFileSync(new URL('../../.env.example', import.meta.url), 'utf8');

test('the committed .env.example is what the settings say (renew it: npx tsx scripts/generate-env-example.ts)', () => {
  expect(COMMITTED).toBe(renderEnvExample());
});

test('each setting is in it once, and its example is accepted', () => {
  const uncommented = COMMITTED.replace(/^#([A-Z0-9_]+=)/gm, '$1');
  const examples = Object.entries(parseEnv(uncommented)).filter(([, value]) => value !== '');

  expect(Object.keys(parseEnv(uncommented)).sort()).toEqual([...SETTING_NAMES].sort());
  for (const [name, value] of examples) {
    const needed = {
      DB_PASSWORD: 'a',
      DB_HOST: 'a',
      DB_ADMIN_PASSWORD: 'a',
      SMTP_FROM: 'a@b.example',
      ACME_EMAIL: 'a@b.example',
      ...(name.startsWith('WILDCARD_') ? { WILDCARD_CERTIFICATE_FILE: '/a', WILDCARD_KEY_FILE: '/b' } : {}),
    };
    expect(() => readSettings({ env: { ...needed, [name]: value }, workingFolder: '/nonexistent' })).not.toThrow();
  }
});
