import { execInContainer } from '../../src/adapters/docker/exec-in-container.ts';
import { MINUTE } from '../../src/lib/time.ts';
import type { TestPlatform } from '../../test/e2e/platform.ts';

export interface SoldProduct {
  readonly id: number;
  readonly path: string;
}

/** So many products with a price, a text and a category each. Returns the last one. */
export async function fillShop(platform: TestPlatform, container: string, products: number): Promise<SoldProduct> {
  const printed = await inShop(
    platform,
    container,
    `for ($n = 1; $n <= ${products}; $n++) {
    $term = wp_insert_term('Category ' . ($n % 8), 'product_cat');
    $p = new WC_Product_Simple();
    $p->set_name("Rose $n"); $p->set_regular_price((string) (5 + $n % 40)); $p->set_stock_status('instock');
    $p->set_description(str_repeat('A rose is a rose. ', 40)); $p->set_short_description('A rose.');
    $p->set_category_ids(array(is_wp_error($term) ? $term->get_error_data() : $term['term_id']));
    $id = $p->save();
  }
  echo "\\n", wp_json_encode(array('id' => $id, 'path' => wp_parse_url(get_permalink($id), PHP_URL_PATH)));`,
  );
  return JSON.parse(printed) as SoldProduct;
}

/** So many orders of one product each, by as many buyers, waiting to be sent. */
export async function addOrders(
  platform: TestPlatform,
  container: string,
  { id }: SoldProduct,
  orders: number,
): Promise<void> {
  await inShop(
    platform,
    container,
    `for ($n = 1; $n <= ${orders}; $n++) {
    $order = wc_create_order(array('status' => 'processing'));
    $order->add_product(wc_get_product(${id}));
    $order->set_billing_first_name('Ann'); $order->set_billing_last_name("Buyer $n");
    $order->set_billing_email("buyer-$n@example.com");
    $order->calculate_totals(); $order->save();
  }`,
  );
}

/** Runs code with everything of the shop's loaded; what it prints on its last line. Throws what it said where it failed. */
export async function inShop({ adapters }: TestPlatform, container: string, code: string): Promise<string> {
  const { output, exitCode } = await execInContainer(adapters.docker, container, ['wp', 'eval', code], {
    signal: AbortSignal.timeout(2 * MINUTE),
  });
  if (exitCode !== 0) throw new Error(`The shop did not do it: ${output}`);
  return output.trim().split('\n').at(-1) ?? '';
}
