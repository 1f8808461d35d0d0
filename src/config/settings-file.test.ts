import { parseEnv } from 'node:util';
import { expect, test } from 'vitest';
import type { SettingName } from './settings.ts';
import { renderSettingsFile } from './settings-file.ts';

const SET = new Map<SettingName, string>([
  ['BASE_DOMAIN', 'shops.example.net'],
  ['DB_PASSWORD', `it's "quoted" # \\n $x`],
  ['SMTP_FROM', 'ShopHosting <hello@example.com>'],
]);

test('a settings file reads back as it was meant', () => {
  expect(parseEnv(renderSettingsFile(SET, 'plain'))).toEqual(Object.fromEntries(SET));
});

test('shown to somebody it names secrets without telling them', () => {
  const shown = renderSettingsFile(SET, 'masked');
  expect(shown).toContain('DB_PASSWORD=********');
  expect(shown).not.toContain('quoted');
  expect(shown).toContain('BASE_DOMAIN=shops.example.net');
});
