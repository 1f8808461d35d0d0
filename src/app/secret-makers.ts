import { randomBytes } from 'node:crypto';
import { makePassword } from '../adapters/crypto/make-password.ts';
import type { SecretName } from '../domain/secrets.ts';

const PASSWORD_LENGTH = 24;
const SALT_BYTES = 48;
const KEY_BYTES = 16;
const WORDPRESS_SALTS = [
  'AUTH_KEY',
  'SECURE_AUTH_KEY',
  'LOGGED_IN_KEY',
  'NONCE_KEY',
  'AUTH_SALT',
  'SECURE_AUTH_SALT',
  'LOGGED_IN_SALT',
  'NONCE_SALT',
];

/** How each secret of a store is made, by the system's generator. */
export const SECRET_MAKERS: Readonly<Record<SecretName, () => string>> = {
  'db-root-password': () => makePassword(PASSWORD_LENGTH),
  'db-password': () => makePassword(PASSWORD_LENGTH),
  'queue-password': () => makePassword(PASSWORD_LENGTH),
  'admin-password': () => makePassword(PASSWORD_LENGTH),
  'application-key': () => randomBytes(KEY_BYTES).toString('hex'),
  'application-salts': () =>
    JSON.stringify(
      Object.fromEntries(WORDPRESS_SALTS.map((name) => [name, randomBytes(SALT_BYTES).toString('base64')])),
    ),
};
