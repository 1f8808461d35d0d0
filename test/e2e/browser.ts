import { fileURLToPath } from 'node:url';
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  type ConsoleMessage,
  chromium,
  expect,
  type Page,
} from '@playwright/test';
import { SECOND } from '../../src/lib/time.ts';

/** Everything below it leads to this machine, as DNS would. */
const TEST_NAMES = 'MAP *.test 127.0.0.1';

/** What a page is to show, on a machine that may be busy with making stores. */
export const expectPage = expect.configure({ timeout: 30 * SECOND });

const QUIET_CHROMIUM = fileURLToPath(new URL('quiet-chromium.mjs', import.meta.url));

/** Chromium in a network where nothing comes or goes: of this machine it reaches these ports, nothing else. */
export const openBrowser = (ports: readonly number[]): Promise<Browser> =>
  chromium.launch({
    executablePath: QUIET_CHROMIUM,
    env: { ...process.env, QUIET_CHROMIUM_PORTS: ports.join() },
    headless: true,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      `--host-resolver-rules=${TEST_NAMES}`,
    ],
  });

/**
 * Somebody with a browser of his own: no cookie of anybody else. Chromium that trusts our CA through its own store is a
 * chore; the chain itself is checked by every `visit`.
 */
export async function newVisitor(browser: Browser, options: BrowserContextOptions = {}): Promise<BrowserContext> {
  const context = await browser.newContext({
    ignoreHTTPSErrors: true,
    viewport: { width: 1280, height: 900 },
    ...options,
  });
  context.setDefaultTimeout(30 * SECOND);
  return context;
}

/** Chromium's own words about an answer with an error status, which we sent on purpose. */
const NOT_OURS = /^Failed to load resource: the server responded with a status of/;

/**
 * What the page says to its console, with the address that it says it of, and what it throws, from now on. Violations of
 * its policy are among it.
 */
export function complaintsOf(page: Page): string[] {
  const heard: string[] = [];
  page.on('console', (message: ConsoleMessage) => {
    const { url } = message.location();
    if (!NOT_OURS.test(message.text())) heard.push(`${message.type()}: ${message.text()}${url && ` (${url})`}`);
  });
  page.on('pageerror', (error) => heard.push(`thrown: ${error.message}`));
  return heard;
}
