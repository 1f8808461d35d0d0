import { createHmac, createPrivateKey, createPublicKey, type KeyObject, randomBytes } from 'node:crypto';
import { CompactEncrypt, compactDecrypt } from 'jose';
import { AppError } from '../../domain/errors.ts';

const PREFIX = 'whsec_';
const SECRET_BYTES = 32;
/** PKCS #8's wrapping of an X25519 private key (RFC 8410); the 32 bytes follow. */
const PRIVATE_KEY_HEAD = Buffer.from('302e020100300506032b656e04220420', 'hex');

/** What only seals: all that the web process is given. */
export interface WebhookSecretMaker {
  /** A new secret for the endpoint, once in the clear for its owner, and sealed for the worker. */
  make(endpointId: string): Promise<{ readonly secret: string; readonly sealed: string }>;
}

/** The half of the key that seals, as text, for the web process's configuration. */
export const webhookSealingKey = (key: Uint8Array): string =>
  createPublicKey(privateKeyOf(key)).export({ type: 'spki', format: 'der' }).toString('base64');

/** Makes secrets with the public half alone: whoever has it can read none that was made before. */
export function createWebhookSecretMaker(sealingKey: string): WebhookSecretMaker {
  const key = createPublicKey({ key: Buffer.from(sealingKey, 'base64'), format: 'der', type: 'spki' });
  return {
    async make(endpointId) {
      const secret = `${PREFIX}${randomBytes(SECRET_BYTES).toString('base64')}`;
      return { secret, sealed: await sealSecret(secret, endpointId, key) };
    },
  };
}

/**
 * Opens what `make` has sealed, also with the public half of a `former` key. Throws `secret_unreadable` for a changed
 * text, another key or another endpoint's.
 */
export function createWebhookSecretReader(
  key: Uint8Array,
  former: readonly Uint8Array[] = [],
): (sealed: string, endpointId: string) => Promise<string> {
  const privateKeys = [key, ...former].map(privateKeyOf);
  return async (sealed, endpointId) => {
    let cause: unknown;
    for (const privateKey of privateKeys) {
      try {
        const { plaintext, protectedHeader } = await compactDecrypt(sealed, privateKey, {
          keyManagementAlgorithms: ['ECDH-ES'],
          contentEncryptionAlgorithms: ['A256GCM'],
        });
        if (protectedHeader['row'] === bindingOf(endpointId)) return new TextDecoder().decode(plaintext);
      } catch (thrown) {
        cause = thrown;
      }
    }
    throw unreadable(endpointId, cause);
  };
}

/**
 * Seals anew what a `former` key has sealed; `undefined` for what the current one opens. A text does not say which key
 * it is for, so the current one is tried. Throws `secret_unreadable` where none opens it.
 */
export function createWebhookSecretResealer(
  key: Uint8Array,
  former: readonly Uint8Array[],
): (sealed: string, endpointId: string) => Promise<string | undefined> {
  const readCurrent = createWebhookSecretReader(key);
  const readAny = createWebhookSecretReader(key, former);
  const publicKey = createPublicKey(privateKeyOf(key));
  return async (sealed, endpointId) => {
    const isCurrent = await readCurrent(sealed, endpointId).then(
      () => true,
      () => false,
    );
    return isCurrent ? undefined : sealSecret(await readAny(sealed, endpointId), endpointId, publicKey);
  };
}

/** One signature as Standard Webhooks has it: `v1,` and HMAC-SHA256 over id, timestamp and body, in base64. */
export function signWebhook(secret: string, message: { id: string; timestamp: number; body: string }): string {
  const key = Buffer.from(secret.slice(PREFIX.length), 'base64');
  const { id, timestamp, body } = message;
  return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`;
}

function sealSecret(secret: string, endpointId: string, key: KeyObject): Promise<string> {
  return new CompactEncrypt(new TextEncoder().encode(secret))
    .setProtectedHeader({ alg: 'ECDH-ES', enc: 'A256GCM', row: bindingOf(endpointId) })
    .encrypt(key);
}

function privateKeyOf(key: Uint8Array): KeyObject {
  return createPrivateKey({ key: Buffer.concat([PRIVATE_KEY_HEAD, key]), format: 'der', type: 'pkcs8' });
}

const bindingOf = (endpointId: string): string => `shophosting/webhook_endpoints/${endpointId}`;

function unreadable(endpointId: string, cause?: unknown): AppError {
  return new AppError('secret_unreadable', `The signing secret of ${endpointId} cannot be read.`, {
    hint: 'Set SECRET_KEY to the value it had when this was sealed, or have its owner make a new secret.',
    cause,
  });
}
