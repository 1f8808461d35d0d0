export const WIDTH = 760;
/** Of a letter, on average; text has no length of its own here, and a label must fit whatever font draws it. */
export const LETTER = 7.4;
export const EDGE = 16;
export const GAP = 10;
/** Also of what stands next to something hundreds of times as long. */
export const SHORTEST_BAR = 2;

const STYLE = [
  'text{font:13px system-ui,sans-serif;dominant-baseline:central}',
  '.label{fill:#1f2933}.value{fill:#52606d}.ours{fill:#2f6f4f}.other{fill:#9aa5b1}.mark{stroke:#b44d12;stroke-width:1.5}',
  '@media(prefers-color-scheme:dark){.label{fill:#e4e7eb}.value{fill:#9aa5b1}.ours{fill:#63b58b}.other{fill:#616e7c}.mark{stroke:#f0a36b}}',
].join('');

/** A picture on its own: readable in light and dark, by the reader's system, and aloud by what is told of it. */
export function svgOf(told: string, height: number, drawn: readonly string[]): string {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-labelledby="title">`,
    `<title id="title">${escaped(told)}</title>`,
    `<style>${STYLE}</style>`,
    ...drawn,
    '</svg>',
    '',
  ].join('\n');
}

/** One line of text, in the middle of `y`; never markup. */
export function textOf(kind: 'label' | 'value', x: number, y: number, text: string, anchor?: 'end'): string {
  const anchored = anchor === undefined ? '' : ` text-anchor="${anchor}"`;
  return `<text class="${kind}" x="${round(x)}" y="${round(y)}"${anchored}>${escaped(text)}</text>`;
}

/** One bar, its middle at `y`. */
export function barOf(kind: 'ours' | 'other', x: number, y: number, length: number, thickness: number): string {
  return `<rect class="${kind}" x="${round(x)}" y="${y - thickness / 2}" width="${round(length)}" height="${thickness}" rx="2"/>`;
}

export const round = (length: number): number => Number(length.toFixed(1));

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
