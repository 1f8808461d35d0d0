import { describe, expect, it } from 'vitest';
import { PAGES } from './pages.ts';

describe.each(Object.entries(PAGES))('the page %s', (name, html) => {
  it('stands alone: no script, nothing loaded from anywhere', () => {
    expect(html).not.toMatch(/<script|<link|<img|<iframe|src=|url\(|@import|\son\w+=/i);
    expect(html.replaceAll('http://www.w3.org/2000/svg', '')).not.toMatch(/https?:/);
  });

  it('has a title, one heading that says the same, a language, and room on a phone', () => {
    const [, title] = /<title>(.+)<\/title>/.exec(html) ?? [];

    expect(html.match(/<h1>/g)).toHaveLength(1);
    expect(html).toContain(`<h1>${title}</h1>`);
    expect(html).toContain('<html lang="en">');
    expect(html).toContain('width=device-width');
  });

  it('fits into one packet burst', () => {
    expect(Buffer.byteLength(html)).toBeLessThan(14_000);
  });

  it(`looks again by itself only while a shop is being made`, () => {
    expect(html.includes('http-equiv="refresh"')).toBe(name === 'making');
  });
});
