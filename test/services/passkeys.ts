import type {
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
} from '@simplewebauthn/browser';
import type { Authenticator, Departures } from './authenticator.ts';
import type { Answer, Browser } from './web.ts';

/** Where the pages of `startWeb` say that they are. */
export const ORIGIN = 'https://panel.test';

/** The question that a page's script gets. Throws where there is none. */
export async function questionAt<Options = PublicKeyCredentialRequestOptionsJSON>(
  person: Browser,
  path: string,
  form: Record<string, string> = {},
): Promise<Options> {
  const { status, body } = await person.ask(path, form);
  if (status !== 200) throw new Error(`No question at ${path}: ${status} ${body}`);
  return (JSON.parse(body) as { readonly options: Options }).options;
}

/** Adds a passkey as its owner does. */
export async function addPasskey(
  person: Browser,
  device: Authenticator,
  { name = 'My phone', ...departures }: Departures & { readonly name?: string } = {},
): Promise<Answer> {
  const options = await questionAt<PublicKeyCredentialCreationOptionsJSON>(person, '/account/passkeys/question', {
    name,
  });
  return person.ask('/account/passkeys', { name, passkey: device.make(options, departures) });
}

/** Logs in with a passkey as its owner does, or nearly so. */
export async function logInByPasskey(
  person: Browser,
  device: Authenticator,
  departures: Departures = {},
): Promise<Answer> {
  const options = await questionAt(person, '/login/passkey-question');
  return person.ask('/login', { passkey: device.use(options, departures), next: '/account' });
}
