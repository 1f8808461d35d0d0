import { SETTING_NAMES, type SettingName, settingOf } from './settings.ts';

const HEADER = `# Settings of the installed platform: NAME=value, one a line. docs/operating/production.md explains them; what is not
# here has its default. After a change: shopctl restart
`;
const MASK = '********';

/** The text of a settings file that says the same; secrets as they are, or masked for showing. */
export function renderSettingsFile(texts: ReadonlyMap<SettingName, string>, secrets: 'plain' | 'masked'): string {
  const lines = SETTING_NAMES.filter((name) => texts.has(name)).map((name) => {
    const text = texts.get(name) ?? '';
    return `${name}=${secrets === 'masked' && settingOf(name).isSecret === true ? MASK : quoted(text)}`;
  });
  return `${HEADER}${lines.map((line) => `${line}\n`).join('')}`;
}

/** As `parseEnv` of Node reads it back: whatever stands between two equal quotes is taken as it is. */
function quoted(text: string): string {
  if (/^[\w./:@,+-]*$/.test(text)) return text;
  const quote = ["'", '`', '"'].find((mark) => !text.includes(mark)) ?? "'";
  return `${quote}${text}${quote}`;
}
