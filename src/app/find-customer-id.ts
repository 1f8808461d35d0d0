import { NotFoundError } from '../domain/errors.ts';
import type { Adapters } from './adapters.ts';

/** Of a customer by id, else by e-mail. Throws `not_found`. */
export async function findCustomerId(
  { repositories: { customers } }: Pick<Adapters, 'repositories'>,
  idOrEmail: string,
): Promise<string> {
  const found = (await customers.find(idOrEmail)) ?? (await customers.findByEmail(idOrEmail));
  if (found === undefined) throw new NotFoundError('customer', idOrEmail);
  return found.id;
}
