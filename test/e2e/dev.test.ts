import { cp, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from '@playwright/test';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { packageRoot } from '../../src/lib/package-root.ts';
import { MINUTE } from '../../src/lib/time.ts';
import { expectPage, newVisitor, openBrowser } from './browser.ts';
import { startPlatform, type TestPlatform } from './platform.ts';
import { until } from './until.ts';

const LANE = 14;
/** As `src/app/web.ts` has it. */
const RELOAD_PORT_ABOVE = 1;
/** What is made from the sources, or has nothing to do with them. */
const NOT_COPIED: ReadonlySet<string> = new Set(['.git', 'build', 'node_modules', 'docs', 'test', 'bench']);

/** A tree of its own, in which sources may be changed. */
let tree: string;
let platform: TestPlatform;
let browser: Browser;

beforeAll(async () => {
  tree = await mkdtemp(join(tmpdir(), 'shop-dev-'));
  for (const name of await readdir(packageRoot())) {
    if (!NOT_COPIED.has(name)) await cp(join(packageRoot(), name), join(tree, name), { recursive: true });
  }
  await symlink(join(packageRoot(), 'node_modules'), join(tree, 'node_modules'));
  // The port above web's is where browsers hear of changes; in other suites it is the database's.
  const webPort = (firstPort: number) => ({ WEB_PORT: String(firstPort + 5) });
  platform = await startPlatform(LANE, webPort, [join(tree, 'scripts', 'dev.mjs')]);
  const { http } = platform.config;
  browser = await openBrowser([http.httpsPort, platform.config.webPort + RELOAD_PORT_ABOVE]);
});
afterAll(async () => {
  await browser?.close();
  await platform?.destroy();
  await rm(tree, { recursive: true, force: true });
});

async function edit(path: string, from: string, to: string): Promise<void> {
  const text = await readFile(join(tree, path), 'utf8');
  expect(text).toContain(from);
  await writeFile(join(tree, path), text.replace(from, to));
}

describe('while npm run dev', () => {
  test('a page changes in the browser as it is edited, without being loaded anew', async () => {
    const page = await (await newVisitor(browser)).newPage();
    await page.goto(`${platform.config.publicUrl}login`);
    await page.waitForLoadState('networkidle');
    await page.evaluate('window.isSame = true');

    await edit('src/web/pages/log-in.tsx', 'Welcome back', 'Good to see you');

    await expectPage(page.getByRole('heading', { name: 'Good to see you' })).toBeVisible();
    expect(await page.evaluate('window.isSame')).toBe(true);
  });

  test('any other source starts worker and web anew', async () => {
    const before = await platform.workerPids();

    await edit('src/web/server/api.ts', "{ status: 'ok' }", "{ status: 'fine' }");

    await until(async () => {
      const { body } = await platform.visit(`${platform.config.publicUrl}healthz`).catch(() => ({ body: '' }));
      return body === '{"status":"fine"}' ? true : undefined;
    }, 2 * MINUTE);
    await until(async () => {
      const pids = await platform.workerPids();
      return pids.length === before.length && pids.every((pid) => !before.includes(pid)) ? true : undefined;
    });
  });
});
