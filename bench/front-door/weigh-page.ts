import type { Browser, Request } from '@playwright/test';
import { newVisitor } from '../../test/e2e/browser.ts';

const KILOBYTE = 1000;
const UNIT = 'kB';
/** What a browser calls a kind of file → what we call it. */
const KINDS: Readonly<Record<string, string>> = {
  document: 'HTML',
  script: 'scripts',
  stylesheet: 'styles',
  font: 'fonts',
};
const OTHER = 'other';
const BEFORE_FONTS = 'all before fonts';

export const PART_UNITS: Readonly<Record<string, string>> = Object.fromEntries(
  [...Object.values(KINDS), OTHER, BEFORE_FONTS].map((part) => [part, UNIT]),
);

/** Loads the page with an empty cache; by kind of file, the kilobytes (1000) that came over the line. */
export async function weighPage(browser: Browser, url: string, cookie = ''): Promise<Record<string, number>> {
  const context = await newVisitor(browser);
  try {
    await context.addCookies(cookiesOf(cookie, url));
    const page = await context.newPage();
    const finished: Promise<readonly [string, number]>[] = [];
    page.on('requestfinished', (request) => finished.push(weigh(request)));
    const answer = await page.goto(url, { waitUntil: 'networkidle' });
    if (answer?.url() !== url) throw new Error(`${url} led to ${answer?.url()}.`);
    const parts: Record<string, number> = {};
    for (const [kind, bytes] of await Promise.all(finished)) parts[kind] = (parts[kind] ?? 0) + bytes / KILOBYTE;
    const { fonts = 0 } = parts;
    return { ...parts, [BEFORE_FONTS]: Object.values(parts).reduce((sum, kilobytes) => sum + kilobytes, 0) - fonts };
  } finally {
    await context.close();
  }
}

async function weigh(request: Request): Promise<readonly [string, number]> {
  return [KINDS[request.resourceType()] ?? OTHER, (await request.sizes()).responseBodySize];
}

function cookiesOf(header: string, url: string) {
  return header
    .split('; ')
    .filter((pair) => pair !== '')
    .map((pair) => {
      const [name = '', ...value] = pair.split('=');
      return { name, value: value.join('='), url, secure: true, httpOnly: true };
    });
}
