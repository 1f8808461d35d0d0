import { isSettingName, SETTING_NAMES, settingOf } from './settings.ts';

const isKnown = (name: string): boolean => {
  if (isSettingName(name)) return true;
  const base = name.replace(/_FILE$/, '');
  return base !== name && isSettingName(base) && settingOf(base).isSecret === true;
};

/**
 * Warnings for names that look like a setting of ours but are none. In a `.env` every unknown name is worth a word;
 * in the environment, which is full of other programs' names, only near misses are.
 */
export function warnOfUnknownNames(environment: readonly string[], envFile: readonly string[]): string[] {
  const fromFile = envFile.filter((name) => !isKnown(name)).map((name) => sentenceFor(name, '.env'));
  const fromEnvironment = environment
    .filter((name) => !isKnown(name) && !envFile.includes(name) && nearestSetting(name) !== undefined)
    .map((name) => sentenceFor(name, 'the environment'));
  return [...fromFile, ...fromEnvironment];
}

function sentenceFor(name: string, place: string): string {
  const nearest = nearestSetting(name);
  return `${name} in ${place} is not a setting${nearest === undefined ? '' : `; did you mean ${nearest}?`}`;
}

/** The setting a name was probably meant to be: ours with a prefix in front, or at most two typing errors away. */
export function nearestSetting(name: string): string | undefined {
  const bare = name.replace(/^SHOP(HOSTING|CTL|_HOSTING)?_/, '');
  if (bare !== name && isSettingName(bare)) return bare;
  if (name.length < 6) return undefined;
  return SETTING_NAMES.find((known) => distance(name.toUpperCase(), known) <= (known.length < 9 ? 1 : 2));
}

/** Levenshtein distance. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + cost));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
