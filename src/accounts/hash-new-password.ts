import type { PasswordHasher } from '../adapters/crypto/hash-password.ts';
import type { CustomerRepository } from '../adapters/mysql/customers.ts';
import { matchPassword } from './match-password.ts';

export interface NewPasswordDeps {
  readonly customers: Pick<CustomerRepository, 'listForLogin'>;
  readonly hasher: Pick<PasswordHasher, 'saltOf' | 'todaysRecipe' | 'recipeOf' | 'hash'>;
}

/** A new password for an account that carries the address: made as every account of this address makes its own. */
export async function hashNewPassword(
  { customers, hasher }: NewPasswordDeps,
  email: string,
  password: string,
): Promise<string> {
  const { hash } = await matchPassword(hasher, email, await customers.listForLogin(email), password);
  return hash;
}
