import { readMachineChoices } from './machine-choices.ts';
import { ownSources, readSettings, type SettingSources, type WhereSet } from './read-settings.ts';
import { SETTING_NAMES, type Setting, type SettingName, settingOf } from './settings.ts';

export interface ConfigRow {
  readonly name: string;
  /** As text; secrets are masked; empty where there is none. */
  readonly value: string;
  readonly source: WhereSet | 'made by shopctl up' | 'default';
  readonly purpose: string;
}

const MASK = '********';

/** Every setting, its value and where it came from; works before the first `up` too. Throws as `readSettings` does. */
export function explainConfig(sources: SettingSources = ownSources()): ConfigRow[] {
  const { values, texts, setIn } = readSettings(sources);
  const choices = readMachineChoices(values.DATA_DIR);
  const chosen: Partial<Record<SettingName, string>> = {
    HTTP_PORT: choices === undefined ? '' : String(choices.httpPort),
    HTTPS_PORT: choices === undefined ? '' : String(choices.httpsPort),
    ...(values.DB_HOST === undefined && choices !== undefined ? { DB_PORT: String(choices.mysqlPort) } : {}),
    ...(values.REDIS_HOST === undefined && choices !== undefined ? { REDIS_PORT: String(choices.redisPort) } : {}),
    ...(choices === undefined ? {} : { SECRET_KEY: MASK }),
    ...(choices === undefined || values.DB_HOST !== undefined
      ? {}
      : { DB_PASSWORD: MASK, DB_WEB_PASSWORD: MASK, DB_MIGRATE_PASSWORD: MASK }),
    ...(choices === undefined || values.REDIS_HOST !== undefined ? {} : { REDIS_PASSWORD: MASK }),
  };
  return SETTING_NAMES.map((name) => {
    const setting = settingOf(name);
    const text = texts.get(name);
    if (text !== undefined) {
      return {
        name,
        value: setting.isSecret ? MASK : text,
        source: setIn.get(name) ?? 'environment',
        purpose: setting.purpose,
      };
    }
    const made = chosen[name];
    if (made) return { name, value: made, source: 'made by shopctl up', purpose: setting.purpose };
    return { name, value: defaultOf(setting), source: 'default', purpose: setting.purpose };
  });
}

const defaultOf = (setting: Setting): string =>
  setting.default ?? (setting.defaultNote === undefined ? '' : `(${setting.defaultNote})`);
