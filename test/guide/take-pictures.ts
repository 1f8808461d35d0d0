// `npm run pictures`: renews the pictures of the customers' guide, which the README shows too, and of the landing page, from
// a platform of its own with a real store.
import { mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Page } from '@playwright/test';
import { MINUTE } from '../../src/lib/time.ts';
import { expectPage, newVisitor } from '../e2e/browser.ts';
import {
  aWish,
  createButton,
  type FrontDoor,
  fillSignUp,
  idOfStorePage,
  openFrontDoor,
  untilOpen,
} from '../e2e/front-door/world.ts';
import { setUpAppIn } from '../e2e/set-up-app.ts';
import { until } from '../e2e/until.ts';

/** What the landing page shows has to be small: WebP, which Playwright itself does not write. */
const ON_LANDING = fileURLToPath(new URL('../../src/web/pages/pictures/', import.meta.url));
const WEBP = { format: 'webp', quality: 82 } as const;
const FOLDER = fileURLToPath(new URL('../../docs/using/pictures/', import.meta.url));
/** A lane of its own beside those of the tests. */
const LANE = 15;
const OWNER = { ...aWish('flower-shop'), email: 'mara@example.com' };
const OPEN_WITHIN_MS = 5 * MINUTE;
const SIZE = { width: 1100, height: 760 };
const PHONE = { width: 360, height: 740 };
/** Shown beside the fields: it has to be a name that nobody else types. */
const OWN_DOMAIN = 'flowers.example.com';
/** Where stores of the pictures are, as at a host that has a domain: the platform that is photographed has ports. */
const SHOWN_DOMAIN = 'shops.example';

const door = await openFrontDoor(LANE);
try {
  await mkdir(FOLDER, { recursive: true });
  const context = await newVisitor(door.browser, { viewport: SIZE, colorScheme: 'light' });
  await takePictures(door, await context.newPage());
} finally {
  await door.close();
}

async function takePictures({ home, platform }: FrontDoor, page: Page): Promise<void> {
  const { baseDomain, http } = platform.config;
  const showAddress = async (): Promise<void> => {
    await page.evaluate(naming(`${baseDomain}:${http.httpsPort}`, SHOWN_DOMAIN));
    await page.evaluate(naming(baseDomain, SHOWN_DOMAIN));
  };
  const picture = async (name: string, fullPage = false): Promise<void> => {
    // Times are relative once the page has its scripts.
    await page.waitForLoadState('load');
    await page.evaluate('new Promise((painted) => requestAnimationFrame(() => requestAnimationFrame(painted)))');
    await showAddress();
    await page.screenshot({ path: `${FOLDER}${name}.png`, animations: 'disabled', fullPage });
    console.error(`taken: ${name}`);
  };

  await page.goto(`${home}signup`);
  const shop = page.locator('input[name=platform][value=woocommerce]');
  await fillSignUp(page, (await shop.isEnabled()) ? { ...OWNER, platform: 'woocommerce' } : OWNER);
  await expectPage(page.getByText('This name is free.')).toBeVisible();
  await picture('sign-up', true);
  await createButton(page).click();
  const storeId = await idOfStorePage(page);
  const store = `${home}stores/${storeId}`;
  const installing = page.getByRole('listitem').filter({ hasText: 'Installing your shop' });
  await expectPage(installing.getByText('Running')).toBeVisible();
  await picture('progress', true);
  await untilOpen(page, OPEN_WITHIN_MS);

  const { customerId } = await platform.store(storeId);
  // As if its owner had followed the link in the mail: no banner about that on every picture.
  await platform.adapters.database.kysely
    .updateTable('customers')
    .set(({ ref }) => ({ claimed_email: ref('email') }))
    .where('id', '=', customerId)
    .execute();
  await until(async () => {
    await page.goto(store);
    return (await page.getByText('Healthy', { exact: true }).isVisible()) || undefined;
  });
  await picture('overview');
  await showAddress();
  await takeForLanding(page);
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.setViewportSize(PHONE);
  await picture('phone');
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize(SIZE);
  for (const tab of ['access', 'logs', 'settings']) {
    await page.goto(`${store}/${tab}`);
    if (tab === 'logs') await expectPage(page.getByText('Live', { exact: true })).toBeVisible();
    await picture(tab);
  }
  await page.goto(`${store}/domains`);
  await page.getByRole('textbox', { name: 'Domain' }).fill(OWN_DOMAIN);
  await page.getByRole('button', { name: 'Connect this domain' }).click();
  await expectPage(page.getByText(OWN_DOMAIN).first()).toBeVisible();
  await picture('domains');

  await setUpAppIn(page, home);
  await page.goto(`${home}account/security`);
  await picture('security');
}

/** For the page: texts that name the one domain name the other. */
function naming(from: string, to: string): string {
  return `{
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) texts.currentNode.nodeValue = texts.currentNode.nodeValue.replaceAll(${JSON.stringify(from)}, ${JSON.stringify(to)});
  }`;
}

/** The page that is open, once in each scheme. */
async function takeForLanding(page: Page): Promise<void> {
  const tools = await page.context().newCDPSession(page);
  await page.setViewportSize({ width: 1100, height: 700 });
  for (const scheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme: scheme });
    const { data } = await tools.send('Page.captureScreenshot', WEBP);
    await writeFile(`${ON_LANDING}store-${scheme}.webp`, Buffer.from(data, 'base64'));
    console.error(`taken: store-${scheme}`);
  }
  await page.setViewportSize(SIZE);
}
