import type { Context } from 'hono';
import { generateCookie, getCookie } from 'hono/cookie';
import { DAY, SECOND } from '../../lib/time.ts';
import type { PageContext, ThemeChoice } from '../page-context.ts';

/**
 * Names with `__Host-`: a browser takes them over HTTPS only, for `/` and for exactly this host, so that no shop on a
 * neighbouring name can plant one (RFC 6265bis §4.1.3.2).
 */
const SESSION = '__Host-session';
const DEVICE = '__Host-device';
const THEME = '__Host-theme';

const KEPT = { path: '/', secure: true, httpOnly: true, sameSite: 'Lax' } as const;
const SESSION_SECONDS = (14 * DAY) / SECOND;
const YEAR_SECONDS = (365 * DAY) / SECOND;

export interface BrowserCookies {
  readonly token: string | undefined;
  readonly device: string | undefined;
  readonly theme: ThemeChoice;
}

/** What the browser sent of ours. */
export function readCookies(context: Context): BrowserCookies {
  const theme = getCookie(context, THEME);
  return {
    token: getCookie(context, SESSION),
    device: getCookie(context, DEVICE),
    theme: theme === 'light' || theme === 'dark' ? theme : 'system',
  };
}

/** `Set-Cookie` values. The session's own ends are kept by the server; the browser's are only its outer limit. */
export const SET_COOKIES: PageContext['cookies'] = {
  signedIn: ({ token, device }) => [
    generateCookie(SESSION, token, { ...KEPT, maxAge: SESSION_SECONDS }),
    ...(device === undefined ? [] : [generateCookie(DEVICE, device, { ...KEPT, maxAge: YEAR_SECONDS })]),
  ],
  signedOut: () => [generateCookie(SESSION, '', { ...KEPT, maxAge: 0 })],
  theme: (choice) => generateCookie(THEME, choice, { ...KEPT, maxAge: YEAR_SECONDS }),
};
