import type { Browser, BrowserContext, Page } from '@playwright/test';
import { sql } from 'kysely';
import { STEP_NAMES } from '../../../src/domain/run.ts';
import type { PlatformName } from '../../../src/domain/store.ts';
import { MINUTE, SECOND } from '../../../src/lib/time.ts';
import { expectPage, openBrowser } from '../browser.ts';
import { type Answer, startPlatform, type TestPlatform, type VisitOptions } from '../platform.ts';
import { until } from '../until.ts';

const PANEL = 'panel.test';
export const BASE_DOMAIN = 'shops-e2e.test';

/** A platform with its pages and its stores under two registrable domains, and a browser in front of it. */
export interface FrontDoor {
  readonly platform: TestPlatform;
  readonly browser: Browser;
  /** Ends in `/`. */
  readonly home: string;
  close(): Promise<void>;
}

/** The default settings but for addresses, and what is given: what works here works for whoever changes nothing. */
export async function openFrontDoor(index = 3, settings: Readonly<Record<string, string>> = {}): Promise<FrontDoor> {
  const platform = await startPlatform(index, (firstPort) => ({
    PUBLIC_URL: `https://${PANEL}:${firstPort + 1}/`,
    BASE_DOMAIN,
    LISTEN_ADDRESS: '127.0.0.1',
    PORT_RANGE_MAX: String(firstPort + 249),
    ...settings,
  }));
  const browser = await openBrowser([platform.config.http.port, platform.config.http.httpsPort]);
  return {
    platform,
    browser,
    home: platform.config.publicUrl,
    async close() {
      await browser.close();
      await platform.destroy();
    },
  };
}

/** What somebody types into the form. */
export interface Wish {
  readonly email: string;
  readonly password: string;
  readonly name: string;
  readonly platform: PlatformName;
  /** Left as the form has it when it is not said. */
  readonly plan?: string;
}

export const aWish = (name: string): Wish => ({
  name,
  email: `${name}@example.com`,
  password: `forty roses for ${name.toUpperCase()}!`,
  platform: 'wordpress',
});

export async function fillSignUp(page: Page, { email, password, name, platform, plan }: Wish): Promise<void> {
  await page.getByLabel('Store name').fill(name);
  await page.locator(`input[name=platform][value=${platform}]`).check();
  if (plan !== undefined) {
    await page.getByText('Plan and domain').click();
    await page.locator(`input[name=plan][value=${plan}]`).check();
  }
  // The form of somebody who is signed in has no address: the store becomes theirs.
  const address = page.getByLabel('E-mail');
  if (await address.isVisible()) await address.fill(email);
  await passwordField(page).fill(password);
}

/** Its label is not its own: the button that shows the password is named after it too. */
export const passwordField = (page: Page) => page.locator('#password');
export const createButton = (page: Page) => page.getByRole('button', { name: 'Create my store' });

/** From the empty form to the page of the new store, whose id it returns. */
export async function signUp({ home }: FrontDoor, page: Page, wish: Wish): Promise<string> {
  await page.goto(`${home}signup`);
  await fillSignUp(page, wish);
  await createButton(page).click();
  return idOfStorePage(page);
}

/** Once the browser is on a store's page. */
export async function idOfStorePage(page: Page): Promise<string> {
  await page.waitForURL(/\/stores\/sto_[0-9a-z]+$/);
  return page.url().split('/').at(-1) ?? '';
}

export async function logIn({ home }: FrontDoor, page: Page, { email, password }: Wish): Promise<void> {
  await page.goto(`${home}login`);
  await page.getByLabel('E-mail').fill(email);
  await passwordField(page).fill(password);
  await page.getByRole('button', { name: 'Log in' }).click();
  // Whoever has one store is led straight to it.
  await page.waitForURL(/\/(?:dashboard|stores\/sto_[0-9a-z]+)$/);
}

/** The page says by itself that the store is open. */
export async function untilOpen(page: Page, withinMs = 5 * MINUTE): Promise<void> {
  try {
    await expectPage(page.getByText('Your store is open.')).toBeVisible({ timeout: withinMs });
  } catch (cause) {
    throw new Error(`The page says:\n${await page.locator('main').innerText()}`, { cause });
  }
}

/**
 * The store gets made, and after each step or two its workers rest until the page has told of it: a quick machine is
 * done with several in the time that a page takes for one look.
 */
export async function makeAsFastAsToldOn(
  page: Page,
  door: FrontDoor,
  storeId: string,
  workers?: readonly number[],
): Promise<void> {
  const { runs } = door.platform.adapters.repositories;
  const doneOf = async (): Promise<number> =>
    (await runs.latest(storeId))?.steps.filter(({ status }) => status === 'done').length ?? 0;
  // Whatever they hold meanwhile: the page only reads.
  const pids = workers ?? (await door.platform.workerPids());
  for (let told = await doneOf(); told < STEP_NAMES.length - 1; ) {
    const before = told;
    await until(async () => ((await doneOf()) > before ? true : undefined), 3 * MINUTE, 5);
    for (const pid of pids) process.kill(pid, 'SIGSTOP');
    try {
      told = await until(async (see) => {
        // Counted anew with each look: what a worker had asked of MySQL before it was stopped is done a moment later.
        const done = await doneOf();
        // It is open a moment before the last step is done.
        const tale = page
          .getByText(`${done} of ${STEP_NAMES.length} steps done`)
          .or(page.getByText('Your store is open.'))
          .first();
        if (await tale.isVisible()) return done;
        see(`${done} are done; the page says:\n${await page.locator('main').innerText()}`);
        return undefined;
      }, 30 * SECOND);
    } finally {
      for (const pid of pids) process.kill(pid, 'SIGCONT');
    }
  }
}

/** A form as a program sends it: no browser, so nothing of a browser's own guards. */
export function post(
  { platform, home }: FrontDoor,
  path: string,
  fields: Readonly<Record<string, string>>,
  options: Omit<VisitOptions, 'method' | 'body'> = {},
): Promise<Answer> {
  return platform.visit(new URL(path, home).href, {
    ...options,
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...options.headers },
    body: new URLSearchParams(fields).toString(),
  });
}

/** The form's fields for a wish, with the key that the page would have made. */
export const fieldsOf = ({ name, email, password, platform }: Wish, key = `key of ${name}`) => ({
  store_name: name,
  platform,
  email,
  password,
  idempotency_key: key,
});

/** What a browser would send back of the answer's cookies. */
export function cookieOf({ headers }: Answer): string {
  const set = headers['set-cookie'] ?? [];
  return (Array.isArray(set) ? set : [set]).map((cookie) => cookie.split(';')[0]).join('; ');
}

/** Its session cookie as the browser keeps it. */
export async function sessionOf(context: BrowserContext) {
  return (await context.cookies()).find(({ name }) => name === '__Host-session');
}

/** No worker takes anything meanwhile: a store stays in the queue, and what is changed by hand stays changed. */
export async function whileWorkersRest<T>(door: FrontDoor, act: () => Promise<T>): Promise<T> {
  const pids = await stopWorkers(door);
  try {
    return await act();
  } finally {
    for (const pid of pids) process.kill(pid, 'SIGCONT');
  }
}

/**
 * As `whileWorkersRest`, in the middle of some step of the store's, so that its pages go on telling that it runs. The
 * workers are named by their `pids`, since finding them takes as long as half a store.
 */
export async function whileAStepRests<T>(
  { platform }: FrontDoor,
  { storeId, pids }: { readonly storeId: string; readonly pids: readonly number[] },
  act: () => Promise<T>,
): Promise<T> {
  const { runs } = platform.adapters.repositories;
  const signal = (name: 'SIGSTOP' | 'SIGCONT') => pids.forEach((pid) => process.kill(pid, name));
  const isAmidAStep = async () => {
    if (!(await isNothingLocked(platform))) return false;
    // Asked last: what a worker had asked of MySQL before it was stopped is done by then.
    return (await runs.latest(storeId))?.steps.some(({ status }) => status === 'running') === true;
  };
  try {
    await until(
      async () => {
        signal('SIGSTOP');
        if (await isAmidAStep()) return true;
        signal('SIGCONT');
        return undefined;
      },
      MINUTE,
      20,
    );
    return await act();
  } finally {
    signal('SIGCONT');
  }
}

/** Stops them at a moment when they hold no lock that a visitor could wait for: a process that stands still keeps it. */
export const stopWorkers = ({ platform }: FrontDoor): Promise<number[]> =>
  until(async () => {
    const pids = await platform.workerPids();
    for (const pid of pids) process.kill(pid, 'SIGSTOP');
    if (await isNothingLocked(platform)) return pids;
    for (const pid of pids) process.kill(pid, 'SIGCONT');
    return undefined;
  });

const LOCKED_BY_SIGN_UPS = ['pools', 'customers', 'stores', 'domains', 'ports', 'subnets', 'uids', 'provisioning_jobs'];

function isNothingLocked({ adapters }: TestPlatform): Promise<boolean> {
  const lockAll = adapters.database.kysely.transaction().execute(async (tx) => {
    for (const table of LOCKED_BY_SIGN_UPS) await sql`SELECT 1 FROM ${sql.table(table)} FOR UPDATE NOWAIT`.execute(tx);
  });
  return lockAll.then(
    () => true,
    () => false,
  );
}
