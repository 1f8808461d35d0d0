import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  type ConsoleMessage,
  chromium,
  expect,
  type Page,
  type Request,
  type Response,
} from '@playwright/test';
import { SECOND } from '../../src/lib/time.ts';

/** Everything below it leads to this machine, as DNS would. */
const TEST_NAMES = 'MAP *.test 127.0.0.1';

/** What a page is to show, on a machine that may be busy with making stores. */
export const expectPage = expect.configure({ timeout: 30 * SECOND });

export const openBrowser = (): Promise<Browser> =>
  chromium.launch({
    executablePath: '/usr/bin/chromium',
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

/** Chromium cuts every line when an interface of the machine comes or goes, and with each store's network one does. */
const CUT = /net::ERR_(?:NETWORK_CHANGED|SOCKET_NOT_CONNECTED)/;
/** It tells so by a page of its own, and loads the address anew by itself: either comes in between. */
const IN_BETWEEN = /is interrupted by another navigation/;
const TRIES = 10;

/** What `act` gives; once more from its beginning where Chromium itself cut a line. Any other failure is the test's. */
export async function undisturbed<T>(page: Page, act: () => Promise<T>): Promise<T> {
  let wasCut = false;
  const note = (request: Request): void => {
    wasCut ||= CUT.test(request.failure()?.errorText ?? '');
  };
  page.on('requestfailed', note);
  try {
    for (let left = TRIES; ; left -= 1) {
      wasCut = false;
      try {
        return await act();
      } catch (error) {
        wasCut ||= CUT.test(String(error)) || IN_BETWEEN.test(String(error));
        if (!wasCut || left === 1) throw error;
        // Chromium loads its own page of an error anew by itself; that would come between.
        await page.waitForLoadState('load').catch(() => undefined);
      }
    }
  } finally {
    page.off('requestfailed', note);
  }
}

export const goTo = (page: Page, url: string): Promise<Response | null> => undisturbed(page, () => page.goto(url));

/** Chromium's own words: about an answer with an error status, which we sent on purpose, and about a line it cut itself. */
const NOT_OURS = [/^Failed to load resource: the server responded with a status of/, CUT];

/** What the page says to its console, and what it throws, from now on. Violations of its policy are among it. */
export function complaintsOf(page: Page): string[] {
  const heard: string[] = [];
  page.on('console', (message: ConsoleMessage) => {
    if (!NOT_OURS.some((words) => words.test(message.text()))) heard.push(`${message.type()}: ${message.text()}`);
  });
  page.on('pageerror', (error) => heard.push(`thrown: ${error.message}`));
  return heard;
}
