import { simpleParser } from 'mailparser';
import { expect, test } from 'vitest';
import { type Sender, setSender } from './set-sender.ts';

const RELAY: Sender = {
  address: 'noreply@platform.example',
  name: null,
  fallbackName: 'Roses & more',
  replyTo: null,
  answersToItsOwn: true,
};
const MAIL = [
  'X-Shop-Envelope-From: <>',
  'X-Shop-Envelope-To: <buyer@example.com>,\r\n <secret-bcc@example.com>',
  'From: =?UTF-8?Q?R=C3=B6schen?= <owner@roses.example>',
  'To: buyer@example.com',
  'Subject: Your order\r\n is here',
  '',
  'From: nobody <x@y.z>\r\nGrüße',
  '',
].join('\r\n');

const read = (raw: Buffer) => simpleParser(raw);

test('a shop’s mail is from the platform by address and from the shop by name, and answered to the shop', async () => {
  const sent = setSender(Buffer.from(MAIL), RELAY);

  expect(await read(sent)).toMatchObject({
    from: { value: [{ address: 'noreply@platform.example', name: 'Röschen' }] },
    replyTo: { value: [{ address: 'owner@roses.example' }] },
    subject: 'Your order is here',
  });
  // Nobody learns whom else it went to.
  expect(sent.toString()).not.toContain('secret-bcc');
  const bodyOf = (text: string): string => text.slice(text.indexOf('\r\n\r\n'));
  expect(bodyOf(sent.toString())).toBe(bodyOf(MAIL));
  expect(sent.toString()).toContain('Subject: Your order\r\n is here\r\n');
});

test('what its owner wished comes before what the shop says', async () => {
  const wished = { ...RELAY, name: 'Rösen "R" \\ Söhne 🌹 '.repeat(4).trim(), replyTo: 'help@roses.example' };
  const mail = await read(
    setSender(Buffer.from(MAIL.replace('To: buyer', 'Reply-To: x@y.example\r\nTo: buyer')), wished),
  );

  expect(mail.from?.value).toEqual([{ address: 'noreply@platform.example', name: wished.name }]);
  expect(mail.replyTo?.value).toMatchObject([{ address: 'help@roses.example' }]);
});

test('by a server of its own it is answered to whom it is from', async () => {
  const own = { ...RELAY, address: 'shop@roses.example', answersToItsOwn: false };
  const mail = await read(setSender(Buffer.from(MAIL), own));

  expect([mail.from?.value[0]?.address, mail.replyTo]).toEqual(['shop@roses.example', undefined]);
});

test.each([
  ['no From', 'To: a@b.c\r\n\r\nhi'],
  ['only an address', 'From: a@b.c\r\n\r\nhi'],
  ['two of them', 'From: a@b.c, d@e.f\r\nFrom: g@h.i\r\n\r\nhi'],
  ['a folded header that smuggles', 'From: x\r\n\t<a@b.c>\r\nReply-To: a@b.c\r\n Bcc: v@w.x\r\n\r\nhi'],
  ['no body', 'From: x <a@b.c>'],
  ['bytes that are no text', 'From: \xff\xfe <a@b.c>\r\n\r\nhi'],
  ['bare line feeds', 'From: x <a@b.c>\nSubject: s\n\nhi'],
  ['lines that continue none', ' evil@x.y\r\n\t<z@x.y>\r\nFrom: x <a@b.c>\r\n\r\nhi'],
  ['a quote that never ends', 'From: "x <a@b.c>\r\nSubject: y" <z@x.y>\r\n\r\nhi'],
])('a mail with %s has one sender afterwards, and no recipient that was not in it', async (_, raw) => {
  const mail = await read(setSender(Buffer.from(raw, 'latin1'), RELAY));

  expect(mail.from?.value).toHaveLength(1);
  expect(mail.from?.value[0]?.address).toBe('noreply@platform.example');
  expect(mail.bcc).toBeUndefined();
  if (raw.includes('hi')) expect(mail.text?.trim()).toBe('hi');
});

test.each(['To: a@b.c\rFrom: z@x.y\r\n\r\nhi', 'To: a@b.c\0\r\n\r\nhi'])(
  'a head that some read otherwise is refused: %j',
  (raw) => {
    expect(() => setSender(Buffer.from(raw), RELAY)).toThrow(expect.objectContaining({ code: 'mail_failed' }));
  },
);

test('what folds on from nothing leaves with nobody', () => {
  const sent = setSender(Buffer.from(' , evil@x.y\r\nTo: a@b.c\r\n\r\nhi'), RELAY);
  expect(sent.toString()).not.toContain('evil');
});

test('a broken phrase is not taken over', () => {
  const sent = setSender(Buffer.from('From: "x <a@b.c>\r\nTo: a@b.c\r\n\r\nhi'), RELAY);
  expect(sent.toString()).toContain('From: "Roses & more" <noreply@platform.example>');
});
