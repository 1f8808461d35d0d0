import { NotFoundError } from '../../domain/errors.ts';
import type { StoreView } from '../../stores/present-store.ts';
import type { CliActions } from '../actions.ts';
import type { Call } from '../session.ts';

/** The store that a command names by its first argument: an id, else a name. Throws `not_found`. */
export async function storeOf({
  args: [ref = ''],
  actions,
}: {
  args: Call<unknown>['args'];
  actions: CliActions;
}): Promise<StoreView> {
  const found = await actions.findStore(ref);
  if (found === undefined) throw new NotFoundError('store', ref);
  return found;
}
