import { z } from 'zod';
import { AppError } from '../domain/errors.ts';
import type { NewPasskeyAnswer, PasskeyAnswer } from '../domain/passkey.ts';

/** Several times what the longest honest one has. */
const LONGEST_ANSWER = 16 * 1024;
/** An authenticator may name a passkey with up to 1023 bytes (WebAuthn §4). */
const LONGEST_ID = 1364;

const bytes = z.string().regex(/^[A-Za-z0-9_-]+$/);
const id = bytes.max(LONGEST_ID);
/** How a browser may reach an authenticator (WebAuthn §5.8.4); what another one says is no use to the next question. */
const TRANSPORTS = ['ble', 'cable', 'hybrid', 'internal', 'nfc', 'smart-card', 'usb'];
const transports = z
  .array(z.string())
  .max(16)
  .catch([])
  .transform((said) => TRANSPORTS.filter((transport) => said.includes(transport)));

const NEW_ANSWER = z.object({
  id,
  rawId: id,
  response: z.object({ clientDataJSON: bytes, attestationObject: bytes, transports }),
});

const ANSWER = z.object({
  id,
  rawId: id,
  response: z.object({
    clientDataJSON: bytes,
    authenticatorData: bytes,
    signature: bytes,
    userHandle: bytes.max(LONGEST_ID).optional(),
  }),
});

/** What a browser says once it has a new passkey. Throws `passkey_refused` for any other text. */
export function readNewPasskeyAnswer(text: string): NewPasskeyAnswer & { response: { transports: readonly string[] } } {
  return read(NEW_ANSWER, text);
}

/** What a browser says once a passkey was used. Throws `passkey_refused` for any other text. */
export function readPasskeyAnswer(text: string): PasskeyAnswer {
  return read(ANSWER, text);
}

function read<Answer>(schema: z.ZodType<Answer>, text: string): Answer {
  if (text.length > LONGEST_ANSWER) throw unreadable('longer than any');
  try {
    return schema.parse(JSON.parse(text));
  } catch (cause) {
    throw unreadable('not of its form', cause);
  }
}

function unreadable(why: string, cause?: unknown): AppError {
  return new AppError('passkey_refused', `What came in place of a passkey’s answer is ${why}.`, { cause });
}
