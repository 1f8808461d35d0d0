import { describe, expect, it } from 'vitest';
import { parseWebhookUrl } from './webhook-url.ts';

const parse = (text: string, isLocalAllowed = false) =>
  parseWebhookUrl(text, { isLocalAllowed, platformHost: 'panel.test.example', baseDomain: 'shops.example' });

describe('the address of a webhook', () => {
  it.each([
    ['https://example.com', 'https://example.com/'],
    ['  https://Hooks.Example.com:443/a?b=c#d ', 'https://hooks.example.com/a?b=c'],
    ['https://example.com:8443/x', 'https://example.com:8443/x'],
    ['https://hooks.panel.test.example/', 'https://hooks.panel.test.example/'],
    ['https://myshops.example/', 'https://myshops.example/'],
    ['https://bücher.example/x', 'https://xn--bcher-kva.example/x'],
  ])('%s is kept as %s', (text, kept) => {
    expect(parse(text)).toBe(kept);
    expect(parse(kept)).toBe(kept);
  });

  it.each([
    'http://example.com/',
    'ftp://example.com/',
    'file:///etc/passwd',
    'gopher://example.com/',
    'javascript:alert(1)',
    '//example.com/',
    'example.com/hook',
    '',
    'https://',
    'https://user@example.com/',
    'https://user:password@example.com/',
    'https://:password@example.com/',
    'https://127.0.0.1/',
    'https://2130706433/',
    'https://0x7f000001/',
    'https://0x7f.0.0.1/',
    'https://0177.0.0.1/',
    'https://127.1/',
    'https://127.0.0.1./',
    'https://①②⑦.⓪.⓪.①/',
    'https://[::1]/',
    'https://[::ffff:127.0.0.1]/',
    'https://169.254.169.254/latest/meta-data/',
    'https://93.184.216.34/',
    'https://localhost/',
    'https://localhost./',
    'https://redis:6379/',
    'https://example.com./',
    'https://example.com:22/',
    'https://example.com:80/',
    'https://example.com:6379/',
    'https://example.com:8442/',
    'https://example.com:99999/',
    'https://exa\nmple.com/',
    'https://example.com/\r\nX-Evil: 1',
    'https://example.com\\@127.0.0.1/',
    'https://panel.test.example/api/v1',
    'https://PANEL.test.example:8443/',
    'https://shops.example/',
    'https://tea.shops.example/hook',
    'https://example.com/a b',
    `https://example.com/${'a'.repeat(1000)}`,
  ])('%j is refused beside its field', (text) => {
    expect(() => parse(text)).toThrow(expect.objectContaining({ code: 'invalid_input', field: 'url' }));
  });

  it('may lead to this machine only where its operator says so, and never with a password', () => {
    expect(parse('http://localhost:3000/hook', true)).toBe('http://localhost:3000/hook');
    expect(parse('http://127.0.0.1:9/', true)).toBe('http://127.0.0.1:9/');
    for (const text of ['ftp://localhost/', 'http://a:b@localhost/']) {
      expect(() => parse(text, true)).toThrow(expect.objectContaining({ field: 'url' }));
    }
  });
});
