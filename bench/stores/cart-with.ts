import type { Answer } from '../../test/e2e/platform.ts';

/** What a shop says of the cart of whoever asks. */
export const CART_API = '/wp-json/wc/store/v1/cart';

/** The cookies of a visitor who has put this into the cart; `visit` sends no others. */
export async function cartWith(id: number, visit: (path: string) => Promise<Answer>): Promise<string> {
  const { headers } = await visit(`/?add-to-cart=${id}`);
  return cookiesOf(headers);
}

/** What an answer wants to be sent from now on, as the `Cookie` header has it. */
export function cookiesOf(headers: Answer['headers']): string {
  return [headers['set-cookie'] ?? []]
    .flat()
    .map((line) => line.split(';')[0])
    .join('; ');
}

/** Throws unless this is what `CART_API` answers of a cart with one thing in it. */
export function assertCart({ body }: Pick<Answer, 'body'>): void {
  const { items_count: items } = JSON.parse(body) as { items_count?: number };
  if (items !== 1) throw new Error(`This is not the cart that was filled: ${body.slice(0, 300)}`);
}
