import { describe, expect, it } from 'vitest';
import { InvalidFormError } from './errors.ts';
import { DEFAULT_STORE_MAIL, parseStoreMail, type StoreMailSettings, type StoreMailTexts } from './store-mail.ts';

const OWN: StoreMailTexts = {
  way: 'own',
  from: 'shop@roses.example',
  host: 'smtp.roses.example',
  port: '587',
  tls: 'starttls',
  user: 'shop',
  password: 'se cret',
};
const KNOWN: StoreMailSettings = {
  ...DEFAULT_STORE_MAIL,
  server: { host: 'smtp.roses.example', port: 587, tls: 'starttls', user: 'shop', from: 'shop@roses.example' },
};
const RULES = { hasPassword: false, mayBePrivate: false };

function problemsOf(texts: StoreMailTexts, known = DEFAULT_STORE_MAIL, rules = RULES): string[] {
  try {
    parseStoreMail(texts, known, rules);
    return [];
  } catch (thrown) {
    if (thrown instanceof InvalidFormError) return Object.keys(thrown.fields);
    throw thrown;
  }
}

describe('how a shop’s mail is to leave', () => {
  it('is the platform’s way with a sender, or a server with all that it needs', () => {
    const words = { senderName: ' Rösen & Co ', replyTo: 'Help@Roses.example' };
    expect(parseStoreMail({ way: 'platform', ...words, host: 'ignored' }, KNOWN, RULES)).toEqual({
      settings: { senderName: 'Rösen & Co', replyTo: 'help@roses.example', server: null },
      password: { kind: 'none' },
    });
    expect(parseStoreMail(OWN, DEFAULT_STORE_MAIL, RULES)).toEqual({
      settings: KNOWN,
      password: { kind: 'new', clear: 'se cret' },
    });
  });

  it.each<[string, StoreMailTexts]>([
    ['way', { way: 'pigeon' }],
    ['host', { ...OWN, host: 'http://10.0.0.1/' }],
    ['host', { ...OWN, host: '-oProxy' }],
    ['port', { ...OWN, port: '22' }],
    ['port', { ...OWN, port: '25; rm' }],
    ['tls', { ...OWN, tls: 'maybe' }],
    ['tls', { ...OWN, tls: 'none' }],
    ['from', { ...OWN, from: 'a@b.example\r\nBcc: x@y.example' }],
    ['replyTo', { ...OWN, replyTo: 'nobody' }],
    ['senderName', { ...OWN, senderName: 'a\r\nBcc: x@y.example' }],
    ['user', { ...OWN, user: 'a\u0000b' }],
    ['password', { ...OWN, password: 'a\nb' }],
    ['password', { ...OWN, password: '' }],
  ])('is refused at %s where it makes no sense there', (field, texts) => {
    expect(problemsOf(texts)).toEqual([field]);
  });

  it('keeps a password for the server and user it was given for, and hands it to no other', () => {
    const kept = { ...RULES, hasPassword: true };
    const silent = { ...OWN, password: '' };
    expect(parseStoreMail({ ...silent, port: '2525' }, KNOWN, kept).password).toEqual({ kind: 'kept' });
    expect(problemsOf({ ...silent, host: 'smtp.evil.example' }, KNOWN, kept)).toEqual(['password']);
    expect(problemsOf({ ...silent, user: 'other' }, KNOWN, kept)).toEqual(['password']);
    expect(parseStoreMail({ ...silent, user: '' }, KNOWN, kept).password).toEqual({ kind: 'none' });
  });

  it('may use any port where operators let it reach private networks', () => {
    expect(problemsOf({ ...OWN, port: '1025' }, DEFAULT_STORE_MAIL, { ...RULES, mayBePrivate: true })).toEqual([]);
    expect(problemsOf({ ...OWN, port: '65536' }, DEFAULT_STORE_MAIL, { ...RULES, mayBePrivate: true })).toEqual([
      'port',
    ]);
  });
});
