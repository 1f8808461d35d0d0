import { GROUPS, SETTING_NAMES, settingOf } from './settings.ts';

const HEADER = `# Settings of ShopHosting. Copy to .env and change what you need: everything has a default that works.
# The environment wins over .env. Secrets may come from a file: NAME_FILE=/path/of/the/file.
# Generated from src/config/settings.ts; npm run check tells when the two differ.
`;

/** The text of `.env.example`: every setting with purpose, default, what production asks, and an example; all commented out. */
export function renderEnvExample(): string {
  const sections = GROUPS.map((group) => {
    const names = SETTING_NAMES.filter((name) => settingOf(name).group === group);
    return [`# ── ${group} ${'─'.repeat(70 - group.length)}`, ...names.map(renderSetting)].join('\n\n');
  });
  return `${HEADER}\n${sections.join('\n\n')}\n`;
}

function renderSetting(name: (typeof SETTING_NAMES)[number]): string {
  const setting = settingOf(name);
  const lines = [
    ...wrap(setting.purpose),
    ...(setting.defaultNote === undefined ? [] : wrap(`Default: ${setting.defaultNote}.`)),
    ...(setting.production === undefined ? [] : wrap(`In production: ${setting.production}.`)),
    ...(setting.isSecret === true ? [`# Or from a file: ${name}_FILE`] : []),
  ];
  return [...lines, `#${name}=${setting.default ?? setting.example ?? ''}`].join('\n');
}

const WIDTH = 110;

function wrap(text: string): string[] {
  const lines: string[] = [];
  let line = '#';
  for (const word of text.split(' ')) {
    if (line.length + word.length + 1 > WIDTH) {
      lines.push(line);
      line = '#';
    }
    line += ` ${word}`;
  }
  return [...lines, line];
}
