import type { ListWish } from '../../services/desk.ts';

/** What a list's address asks for. Of a name that stands there twice the first counts. */
export function listWishOf(url: URL): ListWish {
  return Object.fromEntries([...url.searchParams].toReversed());
}
