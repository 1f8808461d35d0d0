import { expect, test } from 'vitest';
import { isAboutLostAccount, isOnlyAboutNonces, readRefusal } from './read-refusal.ts';

/** As certbot 2.1 logs it: its own last words are about an attribute. */
const REFUSED = `2026-11-25 17:26:56,910:DEBUG:acme.client:Sending POST request to https://ca.example/order:
Traceback (most recent call last):
acme.messages.Error: urn:ietf:params:acme:error:badNonce :: The client sent an unacceptable anti-replay nonce :: JWS has an invalid anti-replay nonce: umkq

During handling of the above exception, another exception occurred:

acme.messages.Error: urn:ietf:params:acme:error:rejectedIdentifier :: The server will not issue certificates for the identifier :: Order included an identifier for which issuance is forbidden by policy: "blocked.example.com"

AttributeError: can't set attribute
`;
const UNPROVEN = `2026-11-25 17:27:14,050:DEBUG:certbot._internal.display.obj:Notifying user: 
Certbot failed to authenticate some domains (authenticator: webroot). The Certificate Authority reported these problems:
  Domain: shop.example.net
  Type:   unauthorized
  Detail: 203.0.113.9: Invalid response from http://shop.example.net/.well-known/acme-challenge/x: 404

Hint: The Certificate Authority failed to download the temporary challenge files created by Certbot.
`;
const LIMITED =
  'acme.messages.Error: urn:ietf:params:acme:error:rateLimited :: There were too many requests of a given type :: too many certificates (50) already issued for "example.net" in the last 168h0m0s, retry after 2026-11-26 03:00:00 UTC';
const ANY =
  "AttributeError: can't set attribute\nAsk for help or search for solutions at https://community.letsencrypt.org.";

test('the reason is the authority’s own, never what certbot stumbles over', () => {
  expect(readRefusal(REFUSED, ANY)).toEqual({
    trouble: 'refused',
    reason:
      'Order included an identifier for which issuance is forbidden by policy: "blocked.example.com" (rejectedIdentifier).',
  });
});

test('a name that could not be proven says what was seen', () => {
  expect(readRefusal(UNPROVEN, 'Some challenges have failed.')).toEqual({
    trouble: 'refused',
    reason:
      '203.0.113.9: Invalid response from http://shop.example.net/.well-known/acme-challenge/x: 404 (unauthorized).',
  });
});

test('a limit is told apart from a refusal, and an authority in trouble from both', () => {
  expect(readRefusal(LIMITED, ANY)).toMatchObject({
    trouble: 'rate-limited',
    reason: expect.stringContaining('retry after 2026-11-26'),
  });
  expect(readRefusal('urn:ietf:params:acme:error:serverInternal :: The server :: busy', ANY).trouble).toBe(
    'unreachable',
  );
  expect(readRefusal('requests.exceptions.ConnectionError: HTTPSConnectionPool(host=ca.example)', ANY)).toEqual({
    trouble: 'unreachable',
    reason: 'The authority cannot be reached.',
  });
});

test('without any of them the last line of certbot has to do', () => {
  expect(readRefusal('', ANY).reason).toBe("AttributeError: can't set attribute.");
});

test('nonces alone are no refusal, and anything beside them is', () => {
  const nonce = 'acme.messages.Error: urn:ietf:params:acme:error:badNonce :: unacceptable anti-replay nonce :: umkq\n';

  expect(isOnlyAboutNonces(nonce + nonce)).toBe(true);
  expect(isOnlyAboutNonces(REFUSED)).toBe(false);
  expect(isOnlyAboutNonces(nonce + UNPROVEN)).toBe(false);
  expect(isOnlyAboutNonces('')).toBe(false);
  expect(isAboutLostAccount(nonce)).toBe(false);
  expect(isAboutLostAccount(nonce.replace('badNonce', 'accountDoesNotExist'))).toBe(true);
});
