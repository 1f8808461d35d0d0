import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';

/** A phone is where pages are too wide; each scheme has contrasts of its own. */
const PHONE = { width: 360, height: 780 };
const BY_SCHEME = ['color-contrast', 'link-in-text-block'];

/** What is wrong with a page, and where; `tooWide` in pixels. */
export interface Finding {
  readonly what: string;
  readonly scheme: 'light' | 'dark';
  readonly found: readonly string[];
  readonly tooWide: number;
}

/**
 * Looks at the page that is open, as it is on a phone: all that axe finds, and whatever reaches beyond the right edge, by
 * day; by night what may differ, the contrasts. Leaves the page as wide as it was.
 */
export async function findingsOn(page: Page, what: string): Promise<Finding[]> {
  const wide = page.viewportSize();
  await page.setViewportSize(PHONE);
  const findings: Finding[] = [];
  for (const scheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: scheme });
    // A frame without scripts lets nobody look into it, axe neither.
    const axe = new AxeBuilder({ page }).exclude('iframe[sandbox=""]');
    const { violations } = await (scheme === 'light' ? axe : axe.withRules(BY_SCHEME)).analyze();
    const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`);
    const tooWide = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
    if (found.length > 0 || tooWide !== 0) findings.push({ what, scheme, found, tooWide });
    const folder = process.env['SCREENSHOTS'];
    if (folder !== undefined) {
      const name = what.replaceAll(/[^a-z0-9]+/gi, '-');
      await page.screenshot({ path: `${folder}/${name}-${scheme}.png`, fullPage: true, animations: 'disabled' });
    }
  }
  if (wide !== null) await page.setViewportSize(wide);
  return findings;
}
