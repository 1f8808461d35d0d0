import type {
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
} from '@simplewebauthn/browser';
import { useState } from 'react';
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
      const answer = await answerTo(ask, wish, fields);
      fields.set(PASSKEY_FIELD, JSON.stringify(answer));
      await submit(fields, { method: 'post' });
    } catch (thrown) {
      setTrouble({ errors: {}, values: {}, reference: null, sentence: wordsOf(thrown) });
    } finally {
      setAsking(false);
    }
  }

  return { send: (form: HTMLFormElement) => void send(form), isBusy: isAsking || isSending, trouble };
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
