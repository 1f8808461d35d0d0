import { generateSync } from 'otplib';
import { createSealer, createSealingKeys } from '../../src/adapters/crypto/seal.ts';
import { SECOND } from '../../src/lib/time.ts';
import type { TestDatabase } from './for-each-database.ts';
import { type Answer, type Browser, TEST_KEY } from './web.ts';

const STEP_SECONDS = 30;
const SECRET = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP';

/** What an authenticator app with this secret shows now, or so many steps from now. */
export function codeOf(secret: string, stepsFromNow = 0): string {
  return generateSync({ secret, epoch: Math.floor(Date.now() / SECOND) + stepsFromNow * STEP_SECONDS });
}

/** As if the account had set up an app once; who is signed in stays so. Returns its secret. */
export async function giveSecondFactor(database: TestDatabase, customerId: string): Promise<string> {
  const sealer = createSealer(createSealingKeys(Buffer.from(TEST_KEY, 'base64')));
  const { keyId, text } = await sealer.seal(SECRET, { owner: customerId, name: 'totp' });
  await database
    .as('admin')
    .kysely.insertInto('totp_factors')
    .values({ customer_id: customerId, key_id: keyId, sealed: text, last_step: 0, created_at: new Date() })
    .execute();
  return SECRET;
}

/** As if minutes had passed since the last code of anybody was used. */
export async function letCodesBeNew(database: TestDatabase): Promise<void> {
  await database.as('admin').kysely.updateTable('totp_factors').set({ last_step: 0 }).execute();
}

/** Both steps of a log-in; the answer is that of the second one. */
export async function logInWithCode(
  person: Browser,
  { email, password, code, next = '/dashboard' }: { email: string; password: string; code: string; next?: string },
): Promise<Answer> {
  const first = await person.ask('/login', { email, password, next });
  return first.location.startsWith('/login/second-step') ? person.ask('/login/second-step', { code, next }) : first;
}

/** Sets up an app as its owner does. `secret` is the app's. */
export async function setUpApp(person: Browser): Promise<{ answer: Answer; secret: string; recoveryCodes: string[] }> {
  const { body } = await person.ask('/account/authenticator');
  const secret = (/class="totp-key"[^>]*>([A-Z2-7 ]+)</.exec(body)?.[1] ?? '').replaceAll(' ', '');
  const sealed = /name="sealed" value="([^"]+)"/.exec(body)?.[1] ?? '';
  const answer = await person.ask('/account/authenticator', { sealed, code: codeOf(secret) });
  return { answer, secret, recoveryCodes: recoveryCodesIn(answer) };
}

/** The recovery codes that a page shows. */
export const recoveryCodesIn = ({ body }: Answer): string[] => [
  ...new Set(body.match(/\b[a-z2-9]{4}(?:-[a-z2-9]{4}){3}\b/g) ?? []),
];
