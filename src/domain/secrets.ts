/** Every secret a store can have. Made once, sealed before first use, never changed by a repeated run of the same kind. */
export const SECRET_NAMES = [
  'db-root-password',
  'db-password',
  'application-salts',
  'application-key',
  'queue-password',
  'admin-password',
] as const;
export type SecretName = (typeof SECRET_NAMES)[number];
/** Those that the store's platform asks for. */
export type StoreSecrets = Readonly<Partial<Record<SecretName, string>>>;

/** Whose password an owner can have changed. */
export const PASSWORD_HOLDERS = ['admin', 'database'] as const;
export type PasswordHolder = (typeof PASSWORD_HOLDERS)[number];

/** What is then changed. */
export type ChangedSecret = Extract<SecretName, 'admin-password' | 'db-password'>;

/** Where in the vault lies what is to take a secret's place: there is one from the wish until the shop goes by it alone. */
export const nextNameOf = (name: ChangedSecret): string => `${name}-next`;

/** Sealed when the shop is installed; while it is absent there is nothing to show yet. */
export const ADMIN_CREDENTIALS = 'admin-credentials';
