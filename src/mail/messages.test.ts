import { describe, expect, it, test } from 'vitest';
import { AppError } from '../domain/errors.ts';
import { MAIL_KINDS, readFacts } from './mail-kinds.ts';
import { writeMessage } from './messages.ts';
import { SAMPLE_FACTS } from './sample-facts.ts';

const CANARY = 'canary-Tr0ub4dor-secret';
const SECRET_NAMES = ['password', 'adminPassword', 'dbPassword', 'token', 'secret', 'credentials', 'key'];
/** The panel, a shop under a platform name, and one under a domain of its owner. */
const ORIGINS = ['https://panel.example.com', 'https://teehaus.example.com', 'https://www.teehaus.example'];
const HOSTILE = 'A\r\nBcc: x@example.com\u2028<img src=https://evil.example/x.png> "$(id)" {{7*7}} & \u0000Söhne';

describe.each(MAIL_KINDS)('the %s mail', (kind) => {
  it('says the same in HTML and in text, with every fact it was given', async () => {
    const { subject, html, text } = await writeMessage(kind, SAMPLE_FACTS[kind]);

    expect(subject).toMatch(/^\S.{5,}\S$/);
    expect(text).not.toMatch(/<\w/);
    for (const fact of Object.values(SAMPLE_FACTS[kind])) {
      expect(html).toContain(fact?.replace('&', '&amp;'));
      expect(text).toContain(fact);
    }
  });

  it('loads nothing from anywhere and says why it came', async () => {
    const { html, text } = await writeMessage(kind, SAMPLE_FACTS[kind]);

    expect(html).not.toMatch(
      /<(?:img|link|script|iframe|object|video|audio|form)\b|url\(|@import|\bsrc=|\bbackground=/i,
    );
    expect(html).toMatch(/prefers-color-scheme: dark/);
    expect(text).toMatch(/You get this mail because/);
  });

  it('leads nowhere but where its facts say: to the panel, and to the shop it is about', async () => {
    const { html } = await writeMessage(kind, SAMPLE_FACTS[kind]);
    const facts: readonly unknown[] = Object.values(SAMPLE_FACTS[kind]);
    const links = [...html.matchAll(/\bhref="([^"]*)"/g)].map(([, href = '']) => href.replaceAll('&amp;', '&'));

    expect(links.length).toBeGreaterThan(0);
    for (const link of links) {
      expect(facts).toContain(link);
      expect(ORIGINS).toContain(new URL(link).origin);
    }
  });

  it('has no fact for a secret, and takes none that it does not know', async () => {
    expect(Object.keys(SAMPLE_FACTS[kind]).filter((name) => /pass|secret|token|credential/i.test(name))).toEqual([]);
    for (const name of SECRET_NAMES) {
      const error = await writeMessage(kind, { ...SAMPLE_FACTS[kind], [name]: CANARY }).catch(
        (thrown: unknown) => thrown,
      );
      expect(error).toMatchObject({ code: 'internal_error', retryable: false });
      expect(String(error)).not.toContain(CANARY);
    }
  });

  it('is refused when a fact is missing or none at all', () => {
    for (const name of Object.keys(SAMPLE_FACTS[kind])) {
      expect(() => readFacts(kind, { ...SAMPLE_FACTS[kind], [name]: undefined })).toThrow(AppError);
      expect(() => readFacts(kind, { ...SAMPLE_FACTS[kind], [name]: ' \r\n ' })).toThrow(AppError);
    }
    expect(() => readFacts(kind, null)).toThrow(AppError);
  });
});

test.each(['ready', 'failed'] as const)('%s: any title is only ever text, on one line', async (kind) => {
  const { subject, html, text } = await writeMessage(kind, { ...SAMPLE_FACTS[kind], title: HOSTILE });

  expect(subject).toContain('A Bcc: x@example.com <img src=https://evil.example/x.png> "$(id)" {{7*7}} & Söhne');
  expect(subject).not.toMatch(/\p{Cc}|\u2028/u);
  expect(html).not.toContain('<img');
  expect(html).toContain('&lt;img src=');
  expect(text.split('\n').some((line) => line.startsWith('Bcc'))).toBe(false);
});

test('ready: what is to be known of the administration stands in both shapes, and nowhere when there is nothing', async () => {
  const adminNote = 'It asks for a second factor.';
  const noted = await writeMessage('ready', { ...SAMPLE_FACTS.ready, adminNote });
  const plain = await writeMessage('ready', SAMPLE_FACTS.ready);

  expect([noted.html.includes(adminNote), noted.text.includes(adminNote)]).toEqual([true, true]);
  expect(plain.text.split('\n\n').length).toBe(noted.text.split('\n\n').length - 1);
});

test('second-factor-changed: the link that takes off what was added stands first, then the way to a new password', async () => {
  const disownUrl = 'https://panel.example.com/disown-factor?token=abc';
  const { html, text } = await writeMessage('second-factor-changed', {
    ...SAMPLE_FACTS['second-factor-changed'],
    disownUrl,
  });

  expect(html).toContain(`href="${disownUrl}"`);
  expect(text.indexOf(disownUrl)).toBeGreaterThan(0);
  expect(text.indexOf('/forgot-password')).toBeGreaterThan(text.indexOf(disownUrl));
});

test('an address that is no web address is refused', async () => {
  for (const url of ['javascript:alert(1)', 'data:text/html,x', 'not an address']) {
    await expect(writeMessage('ready', { ...SAMPLE_FACTS.ready, url })).rejects.toMatchObject({
      code: 'internal_error',
    });
  }
});

test('a kind that does not exist is refused for good', async () => {
  for (const kind of ['shop', 'toString', '']) {
    await expect(writeMessage(kind, {})).rejects.toMatchObject({ code: 'internal_error', retryable: false });
  }
});

test('suspended: what an operator has to say stands in it, where there is something', async () => {
  const { html, text } = await writeMessage('suspended', { ...SAMPLE_FACTS.suspended, text: 'A payment is missing.' });

  expect([html.includes('A payment is missing.'), text.includes('A payment is missing.')]).toEqual([true, true]);
});

test('no name that somebody has typed stands in the subject of the mail about a token', async () => {
  const { subject, text } = await writeMessage('api-token-made', {
    ...SAMPLE_FACTS['api-token-made'],
    name: 'Claim your refund',
  });
  expect(subject).toBe('An API token was made');
  expect(text).toContain('Claim your refund');
});

test('a mail names whom to write to for help where there is somebody, and promises no help where nobody is', async () => {
  const helped = await writeMessage('suspended', SAMPLE_FACTS.suspended, 'help@example.com');
  const alone = await writeMessage('suspended', SAMPLE_FACTS.suspended);

  expect(helped.html).toContain('href="mailto:help@example.com"');
  expect(helped.text).toContain('Write to help@example.com');
  expect(alone.text).not.toMatch(/write to|support/i);
});
