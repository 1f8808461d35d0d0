import type { PasswordHasher, PasswordRecipe } from '../adapters/crypto/hash-password.ts';
import type { CustomerForLogin } from '../adapters/mysql/customers.ts';

/** What one try costs, whatever is known: an address may have one account with a salt of its own, and many with a shared one. */
const COMPUTATIONS = 2;

export interface PasswordMatch {
  /** The accounts that the password opens, in the order they were given: mostly none or one. */
  readonly opened: readonly CustomerForLogin[];
  /** The password as a new hash of today would keep it. */
  readonly hash: string;
}

/**
 * Which of an address's accounts does the password open? As many computations for an address that nobody has as for one
 * that many have, so neither the answer's time nor the machine's load tells them apart. (While an address still has
 * hashes of yesterday's costs beside others it takes one more; each log-in makes a hash today's.)
 */
export async function matchPassword(
  hasher: Pick<PasswordHasher, 'saltOf' | 'todaysRecipe' | 'recipeOf' | 'hash'>,
  email: string,
  accounts: readonly CustomerForLogin[],
  password: string,
): Promise<PasswordMatch> {
  const known = accounts.flatMap(({ passwordHash, isClaimed }) => {
    const recipe = passwordHash === null ? undefined : hasher.recipeOf(passwordHash);
    return recipe === undefined ? [] : [{ recipe, isClaimed }];
  });
  // The one the others of the address have: also when the key that made it is another one today.
  const shared = known.find(({ isClaimed }) => !isClaimed)?.recipe.salt ?? hasher.saltOf(email);
  const today = hasher.todaysRecipe(shared);
  const recipes = distinct([today, ...known.map(({ recipe }) => recipe)]);
  while (recipes.length < COMPUTATIONS) recipes.push(today);
  const hashes = await Promise.all(recipes.map((recipe) => hasher.hash(recipe, password)));
  const [hash = ''] = hashes;
  const opened = accounts.filter(({ passwordHash }) => passwordHash !== null && hashes.includes(passwordHash));
  return { opened, hash };
}

function distinct(recipes: readonly PasswordRecipe[]): PasswordRecipe[] {
  const keyOf = ({ memoryCost, timeCost, parallelism, salt }: PasswordRecipe): string =>
    [memoryCost, timeCost, parallelism, salt].join(' ');
  return [...new Map(recipes.map((recipe) => [keyOf(recipe), recipe])).values()];
}
