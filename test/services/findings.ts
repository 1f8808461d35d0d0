import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';

/** A phone is where pages are too wide; each scheme has contrasts of its own. */
const PHONE = { width: 360, height: 780 };
/** A frame without scripts lets nobody look into it, axe neither. */
const CLOSED_FRAMES = 'iframe[sandbox=""]';
const FRAMES = `iframe:not(${CLOSED_FRAMES}), frame`;
const BY_SCHEME = ['color-contrast', 'link-in-text-block'];

/** What is wrong with a page, and where; `tooWide` and `tooLong` in pixels. */
export interface Finding {
  readonly what: string;
  readonly scheme: 'light' | 'dark';
  readonly found: readonly string[];
  readonly tooWide: number;
  readonly tooLong: number;
}

/** How far somebody can scroll on below the foot of the page; a part of a pixel is nothing. */
const BELOW_THE_FOOT = `Math.max(0, document.documentElement.scrollHeight -
  Math.max(innerHeight, Math.ceil(document.body.getBoundingClientRect().bottom + scrollY)))`;

/**
 * Looks at the page that is open, as it is on a phone: all that axe finds, and whatever reaches beyond the right edge or
 * below the foot, by day; by night what may differ, the contrasts. Leaves the page as wide as it was.
 */
export async function findingsOn(page: Page, what: string): Promise<Finding[]> {
  const wide = page.viewportSize();
  await page.setViewportSize(PHONE);
  const findings: Finding[] = [];
  // Frames are put together in a page of its own, opened for each look; without frames there is nothing to put together.
  const isOnePiece = (await page.locator(FRAMES).count()) === 0;
  for (const scheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: scheme });
    const axe = new AxeBuilder({ page })
      .exclude(CLOSED_FRAMES)
      .options({ resultTypes: ['violations'] })
      .setLegacyMode(isOnePiece);
    const { violations } = await (scheme === 'light' ? axe : axe.withRules(BY_SCHEME)).analyze();
    const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`);
    const tooWide = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
    const tooLong = await page.evaluate<number>(BELOW_THE_FOOT);
    if (found.length > 0 || tooWide !== 0 || tooLong !== 0) findings.push({ what, scheme, found, tooWide, tooLong });
    const folder = process.env['SCREENSHOTS'];
    if (folder !== undefined) {
      const name = what.replaceAll(/[^a-z0-9]+/gi, '-');
      await page.screenshot({ path: `${folder}/${name}-${scheme}.png`, fullPage: true, animations: 'disabled' });
    }
  }
  if (wide !== null) await page.setViewportSize(wide);
  return findings;
}
