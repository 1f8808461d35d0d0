import type { Page } from '@playwright/test';
import type { PlatformName } from '../src/domain/store.ts';
import type { StoreView } from '../src/stores/present-store.ts';
import { newVisitor, openBrowser } from '../test/e2e/browser.ts';
import { startPlatform, type TestPlatform } from '../test/e2e/platform.ts';
import { PASSWORD } from './front-door/sign-up.ts';
import type { Benchmark, Sample } from './harness/benchmark.ts';
import { bestPlatform } from './stores/best-platform.ts';
import { firstPage, PAGE_WITHIN_MS } from './stores/first-page.ts';
import { haveSnapshot, setPool } from './stores/set-pool.ts';
import { stepTimes } from './stores/step-times.ts';
import { urlOf } from './stores/url-of.ts';

const POOL = 'through the browser, a shop waits in the pool';
const BROWSER = 'through the browser, copied from a snapshot';
const COMMAND = 'shopctl store create --wait, copied from a snapshot';

export const benchmark: Benchmark = {
  title:
    "From pressing *Create my store* in Chromium to the first 200 of the store's page through the edge, images warm.",
  unit: 'ms',
  rounds: 5,
  warmUps: 1,
  reference: COMMAND,
  notes: [
    'In the pool: one shop waits when the button is pressed; making the next one is not in the figure. Copied from a snapshot: the pool is empty.',
    'All sides look for the page every 20 ms over HTTPS from the moment of the wish; all make an account with it.',
    'The browser pays for the password’s hash (argon2id) and shows the progress page meanwhile; the command pays for its own start.',
    '`form answered`: the progress page has come. `page says so`: it shows *Visit store*. `command ended`: it has printed the store.',
    'The steps are those of the run’s journal; what is between them and the total is waiting in line, and the first page itself.',
    'The browser runs on the same machine as the store.',
  ],
  async open({ say }) {
    say('starting a platform of its own');
    const platform = await startPlatform(6, {
      LOG_LEVEL: 'warn',
      SIGNUPS_PER_ADDRESS: '1000',
      GOLDEN_SNAPSHOTS: '1',
    });
    const browser = await openBrowser([platform.config.http.port, platform.config.http.httpsPort]);
    const kind = await bestPlatform(platform);
    say('making a snapshot');
    await haveSnapshot(platform, kind);
    const asVisitor = async (): Promise<Sample> => {
      const context = await newVisitor(browser);
      try {
        return await measureBrowser(platform, await context.newPage(), kind);
      } finally {
        await context.close();
      }
    };
    return {
      facts: {
        store: kind,
        browser: `Chromium ${browser.version()}`,
        engine: (await platform.adapters.docker.version()).Version,
      },
      cases: {
        [POOL]: async () => {
          await setPool(platform, kind, 1);
          try {
            return await asVisitor();
          } finally {
            // Nothing is to be made while the others are measured.
            await setPool(platform, kind, 0);
          }
        },
        [BROWSER]: asVisitor,
        [COMMAND]: () => measureCommand(platform, kind),
      },
      async close() {
        await browser.close();
        await platform.destroy();
      },
    };
  },
};

async function measureBrowser(platform: TestPlatform, page: Page, kind: PlatformName): Promise<Sample> {
  const name = `browser-${Date.now().toString(36)}`;
  await page.goto(new URL('signup', platform.config.publicUrl).href);
  await page.waitForLoadState('networkidle');
  await page.locator('#store_name').fill(name);
  await page.locator(`input[name=platform][value=${kind}]`).check();
  await page.locator('#email').fill(`${name}@example.com`);
  await page.locator('#password').fill(PASSWORD);
  const since = stopwatch();
  const open = firstPage(platform, urlOf(platform, name)).then(since);
  // Whatever fails before it is waited for is this case's failure, told below.
  open.catch(() => undefined);
  await page.getByRole('button', { name: 'Create my store' }).click();
  await page.waitForURL(/\/stores\/[^/]+$/, { waitUntil: 'commit' });
  const answered = since();
  const said = page.getByRole('link', { name: 'Visit store' }).waitFor({ timeout: PAGE_WITHIN_MS }).then(since);
  const [total, pageSays] = await Promise.all([open, said]);
  const store = await platform.settled(page.url().split('/').at(-1) ?? '', ['active']);
  const parts = { 'form answered': answered, ...stepTimes(store), 'page says so': pageSays };
  await remove(platform, store);
  return { total, parts };
}

async function measureCommand(platform: TestPlatform, kind: PlatformName): Promise<Sample> {
  const name = `command-${Date.now().toString(36)}`;
  const since = stopwatch();
  const open = firstPage(platform, urlOf(platform, name)).then(since);
  const made = platform.createStore(name, { platform: kind }).then((store) => ({ store, ended: since() }));
  const [total, { store, ended }] = await Promise.all([open, made]);
  const parts = { ...stepTimes(store), 'command ended': ended };
  await remove(platform, store);
  return { total, parts };
}

/** Tells the milliseconds since it was made. */
function stopwatch(): () => number {
  const startedAt = performance.now();
  return () => performance.now() - startedAt;
}

async function remove(platform: TestPlatform, { id }: StoreView): Promise<void> {
  await platform.ok('store', 'delete', id, '--yes', '--wait');
}
