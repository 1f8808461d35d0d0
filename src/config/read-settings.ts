import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseEnv } from 'node:util';
import { AppError } from '../domain/errors.ts';
import { isRelease } from '../lib/package-root.ts';
import { problemsBetweenSettings } from './cross-checks.ts';
import { warnOfUnknownNames } from './near-miss.ts';
import { SETTING_NAMES, SETTINGS_SCHEMA, type SettingName, type SettingValues, settingOf } from './settings.ts';

/** The settings of the platform that `shopctl install` put on this machine; root's alone (0600). */
export const INSTALLED_SETTINGS = '/etc/shophosting/shophosting.env';

/** Where settings come from; the environment wins over the file. */
export interface SettingSources {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly workingFolder: string;
  /** Read in place of the working folder's `.env`. */
  readonly settingsFile?: typeof INSTALLED_SETTINGS;
}

export type WhereSet = 'environment' | '.env' | typeof INSTALLED_SETTINGS;

export interface ReadSettings {
  readonly values: SettingValues;
  /** The text of each setting that somebody set (an empty text counts as not set). */
  readonly texts: ReadonlyMap<SettingName, string>;
  readonly setIn: ReadonlyMap<SettingName, WhereSet>;
  readonly warnings: readonly string[];
}

/** This process's own environment, and the `.env` of its working folder or, in a release, the installed settings. The only place of the project that reads `process.env`. */
export function ownSources(): SettingSources {
  const own = { env: process.env, workingFolder: process.cwd() };
  return isRelease() ? { ...own, settingsFile: INSTALLED_SETTINGS } : own;
}

/** Those of the installed platform alone, as its units see them. */
export const installedSources = (): SettingSources => ({
  env: {},
  workingFolder: '/',
  settingsFile: INSTALLED_SETTINGS,
});

/**
 * Reads and checks every setting. Throws `configuration_invalid` with all problems in one message, never with a
 * secret's value in it.
 */
export function readSettings(sources: SettingSources): ReadSettings {
  const problems: string[] = [];
  const fileName = sources.settingsFile ?? '.env';
  const envFile = readEnvFile(resolve(sources.workingFolder, fileName), fileName, problems);
  const texts = new Map<SettingName, string>();
  const setIn = new Map<SettingName, WhereSet>();
  for (const name of SETTING_NAMES) {
    const found = findText(name, sources.env, { where: fileName, from: envFile }, problems);
    if (found === undefined) continue;
    texts.set(name, found.text);
    setIn.set(name, found.where);
  }
  const values = parseValues(texts, problems);
  problems.push(...problemsBetweenSettings(values, texts));
  if (problems.length > 0) throw configurationInvalid(problems);
  return { values, texts, setIn, warnings: warnOfUnknownNames(Object.keys(sources.env), Object.keys(envFile)) };
}

export function configurationInvalid(problems: readonly string[]): AppError {
  const heading =
    problems.length === 1 ? 'The configuration has a problem' : `The configuration has ${problems.length} problems`;
  return new AppError('configuration_invalid', `${heading}:\n${problems.map((line) => `  - ${line}`).join('\n')}`, {
    hint: 'Set them in the environment or in .env; .env.example explains each.',
  });
}

function readEnvFile(path: string, name: string, problems: string[]): Record<string, string | undefined> {
  try {
    return parseEnv(readFileSync(path, 'utf8'));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return {};
    problems.push(`${name} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
    return {};
  }
}

type Found = { readonly text: string; readonly where: WhereSet } | undefined;

/** `NAME` or, for secrets, the content of the file that `NAME_FILE` names; both at once is a problem. */
function findText(
  name: SettingName,
  env: SettingSources['env'],
  file: { readonly where: WhereSet; readonly from: SettingSources['env'] },
  problems: string[],
): Found {
  const places = [{ where: 'environment' as const, from: env }, file];
  for (const { where, from } of places) {
    const text = from[name] || undefined;
    const file = settingOf(name).isSecret === true ? from[`${name}_FILE`] || undefined : undefined;
    if (text !== undefined && file !== undefined) problems.push(`${name} and ${name}_FILE are both set; keep one`);
    if (text !== undefined) return { text, where };
    if (file !== undefined) return readSecretFile(name, file, where, problems);
  }
  return undefined;
}

function readSecretFile(name: SettingName, file: string, where: WhereSet, problems: string[]): Found {
  try {
    const text = readFileSync(file, 'utf8').replace(/\r?\n$/, '');
    if (text !== '') return { text, where };
    problems.push(`${name}_FILE names an empty file (${file})`);
  } catch (error) {
    problems.push(`${name}_FILE cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
  return undefined;
}

/** What could be read; a setting with a problem counts as not set, so that the checks between settings still run. */
function parseValues(texts: ReadonlyMap<SettingName, string>, problems: string[]): SettingValues {
  const first = SETTINGS_SCHEMA.safeParse(Object.fromEntries(texts));
  if (first.success) return first.data;
  const refused = new Set<string>();
  for (const issue of first.error.issues) {
    const name = String(issue.path[0]);
    if (refused.has(name)) continue;
    refused.add(name);
    problems.push(`${name} ${issue.message}${shown(name as SettingName, texts)}`);
  }
  return SETTINGS_SCHEMA.parse(Object.fromEntries([...texts].filter(([name]) => !refused.has(name))));
}

function shown(name: SettingName, texts: ReadonlyMap<SettingName, string>): string {
  return settingOf(name).isSecret === true ? '' : ` (it is ${JSON.stringify(texts.get(name)?.slice(0, 80))})`;
}
