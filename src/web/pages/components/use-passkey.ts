import type {
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
} from '@simplewebauthn/browser';
import { type RefObject, useEffect, useState } from 'react';
import { useNavigation, useSubmit } from 'react-router';
import type { Refusal } from '../request/form.ts';
import { PASSKEY_FIELD, type PasskeyAsked } from '../request/passkey.ts';

/** What is asked for: a new passkey, or one that there is. */
export type PasskeyWish = 'make' | 'use';

const NO_ANSWER = 'Your device gave no answer. Please try again, or use another way.';
/** By the name that browsers give to what went wrong (WebAuthn §5.1). */
const WORDS: Readonly<Record<string, string>> = {
  InvalidStateError: 'This device keeps a passkey for your account already.',
  NotSupportedError: 'This device cannot keep a passkey. Please try another one.',
};

/**
 * Sends a form together with what an authenticator answers: the question comes from `ask`, the browser asks its owner,
 * and the form goes where it goes. `trouble` is what kept it from that. Only ever runs in a browser.
 */
export function usePasskey(ask: string, wish: PasskeyWish) {
  const submit = useSubmit();
  const isSending = useNavigation().state !== 'idle';
  const [isAsking, setAsking] = useState(false);
  const [trouble, setTrouble] = useState<Refusal>();

  async function send(form: HTMLFormElement): Promise<void> {
    const fields = new FormData(form);
    setAsking(true);
    setTrouble(undefined);
    try {
      await submit(await answered(fields, () => answerTo(ask, wish, fields)), { method: 'post' });
    } catch (thrown) {
      setTrouble({ errors: {}, values: {}, reference: null, sentence: wordsOf(thrown) });
    } finally {
      setAsking(false);
    }
  }

  return { send: (form: HTMLFormElement) => void send(form), isBusy: isAsking || isSending, trouble };
}

/**
 * Has the browser offer its passkeys beside the field that is marked `webauthn`, and sends the form with the one that is
 * chosen there. A browser without such a list, and whatever else keeps it from that, leaves the page as it is. `isOff`
 * while something else is asked of the browser or sent.
 */
export function usePasskeyOffer(ask: string, form: RefObject<HTMLFormElement | null>, isOff: boolean): void {
  const submit = useSubmit();
  useEffect(() => {
    if (isOff || form.current === null) return;
    const fields = new FormData(form.current);
    const over = new AbortController();
    const offer = async (): Promise<void> => {
      const library = await import('@simplewebauthn/browser');
      if (!(await library.browserSupportsWebAuthnAutofill())) return;
      const sent = await answered(fields, async () => {
        const optionsJSON = (await questionFrom(ask, fields)) as PublicKeyCredentialRequestOptionsJSON;
        over.signal.throwIfAborted();
        over.signal.addEventListener('abort', () => library.WebAuthnAbortService.cancelCeremony());
        return library.startAuthentication({ optionsJSON, useBrowserAutofill: true });
      });
      await submit(sent, { method: 'post' });
    };
    // Nobody has asked for it, so nobody is told.
    offer().catch(() => undefined);
    return () => over.abort();
  }, [ask, form, isOff, submit]);
}

/** The fields, with what an authenticator has answered. */
async function answered(fields: FormData, ask: () => Promise<object>): Promise<FormData> {
  fields.set(PASSKEY_FIELD, JSON.stringify(await ask()));
  return fields;
}

/** Why there was no question, in words for whoever wished for one. */
class NotAsked extends Error {}

async function answerTo(ask: string, wish: PasskeyWish, fields: FormData): Promise<object> {
  // Only whoever presses the button needs it.
  const library = await import('@simplewebauthn/browser');
  if (!library.browserSupportsWebAuthn()) throw new NotAsked('This browser knows no passkeys. Please use another way.');
  const options = await questionFrom(ask, fields);
  return wish === 'make'
    ? library.startRegistration({ optionsJSON: options as PublicKeyCredentialCreationOptionsJSON })
    : library.startAuthentication({ optionsJSON: options as PublicKeyCredentialRequestOptionsJSON });
}

async function questionFrom(ask: string, fields: FormData): Promise<object> {
  const texts = [...fields].filter((field): field is [string, string] => typeof field[1] === 'string');
  const response = await fetch(ask, { method: 'POST', body: new URLSearchParams(texts) });
  if (response.status === 401 || response.redirected) {
    // The session has ended, or its proof has grown old meanwhile: the page itself leads to what is to be done.
    location.reload();
    throw new NotAsked('Please log in again.');
  }
  const asked = (await response.json()) as PasskeyAsked;
  if ('sentence' in asked) throw new NotAsked(asked.sentence);
  return asked.options;
}

function wordsOf(thrown: unknown): string {
  if (thrown instanceof NotAsked) return thrown.message;
  return (thrown instanceof Error ? WORDS[thrown.name] : undefined) ?? NO_ANSWER;
}
