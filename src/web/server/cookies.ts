import type { Context } from 'hono';
import { generateCookie, getCookie } from 'hono/cookie';
import { DAY, MINUTE, SECOND } from '../../lib/time.ts';
import type { PageContext, ThemeChoice } from '../page-context.ts';

/**
 * Names with `__Host-`: a browser takes them over HTTPS only, for `/` and for exactly this host, so that no shop on a
 * neighbouring name can plant one (RFC 6265bis §4.1.3.2).
 */
const SESSION = '__Host-session';
const OPERATOR = '__Host-operator';
const DEVICE = '__Host-device';
const THEME = '__Host-theme';
const FLASH = '__Host-flash';
const SECOND_STEP = '__Host-second-step';
const PASSKEY = '__Host-passkey';

const KEPT = { path: '/', secure: true, httpOnly: true, sameSite: 'Lax' } as const;
const SESSION_SECONDS = (14 * DAY) / SECOND;
const ACTING_SECONDS = (30 * MINUTE) / SECOND;
/** As long as the next page may take to come. */
const FLASH_SECONDS = (5 * MINUTE) / SECOND;
/** The log-in that waits ends sooner by itself. */
const SECOND_STEP_SECONDS = (10 * MINUTE) / SECOND;
/** As long as a passkey may take to answer. */
const PASSKEY_SECONDS = (5 * MINUTE) / SECOND;
const LONGEST_FLASH = 300;
const YEAR_SECONDS = (365 * DAY) / SECOND;

export interface BrowserCookies {
  readonly token: string | undefined;
  readonly operatorToken: string | undefined;
  readonly device: string | undefined;
  readonly theme: ThemeChoice;
  readonly flash: string | undefined;
  readonly pending: string | undefined;
  readonly passkeyQuestion: string | undefined;
}

/** What the browser sent of ours. */
export function readCookies(context: Context): BrowserCookies {
  const sent = getCookie(context);
  const theme = sent[THEME];
  return {
    token: sent[SESSION],
    operatorToken: sent[OPERATOR],
    device: sent[DEVICE],
    theme: theme === 'light' || theme === 'dark' ? theme : 'system',
    flash: sent[FLASH]?.slice(0, LONGEST_FLASH),
    pending: sent[SECOND_STEP],
    passkeyQuestion: sent[PASSKEY],
  };
}

/** `Set-Cookie` values. The session's own ends are kept by the server; the browser's are only its outer limit. */
export const SET_COOKIES: PageContext['cookies'] = {
  signedIn: ({ token, device }) => [
    generateCookie(SESSION, token, { ...KEPT, maxAge: SESSION_SECONDS }),
    ...(device === undefined ? [] : [generateCookie(DEVICE, device, { ...KEPT, maxAge: YEAR_SECONDS })]),
  ],
  signedOut: () => [SESSION, OPERATOR].map((name) => generateCookie(name, '', { ...KEPT, maxAge: 0 })),
  acting: ({ token, operatorToken }) => [
    generateCookie(SESSION, token, { ...KEPT, maxAge: ACTING_SECONDS }),
    generateCookie(OPERATOR, operatorToken, { ...KEPT, maxAge: ACTING_SECONDS }),
  ],
  actingEnded: (operatorToken) => [
    operatorToken === undefined
      ? generateCookie(SESSION, '', { ...KEPT, maxAge: 0 })
      : generateCookie(SESSION, operatorToken, { ...KEPT, maxAge: SESSION_SECONDS }),
    generateCookie(OPERATOR, '', { ...KEPT, maxAge: 0 }),
  ],
  theme: (choice) => generateCookie(THEME, choice, { ...KEPT, maxAge: YEAR_SECONDS }),
  flash: (sentence) => generateCookie(FLASH, sentence, { ...KEPT, maxAge: FLASH_SECONDS }),
  pending: (token) => generateCookie(SECOND_STEP, token, { ...KEPT, maxAge: SECOND_STEP_SECONDS }),
  pendingOver: () => generateCookie(SECOND_STEP, '', { ...KEPT, maxAge: 0 }),
  passkeyQuestion: (question) => generateCookie(PASSKEY, question, { ...KEPT, maxAge: PASSKEY_SECONDS }),
  passkeyAnswered: () => generateCookie(PASSKEY, '', { ...KEPT, maxAge: 0 }),
  flashSeen: () => generateCookie(FLASH, '', { ...KEPT, maxAge: 0 }),
};
