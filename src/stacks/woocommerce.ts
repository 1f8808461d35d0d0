import type { Stack } from './stack.ts';
import { wordpress } from './wordpress.ts';

/** The WordPress stack with the shop plugin mounted into it, read-only. */
export const woocommerce: Stack = {
  ...wordpress,
  platform: 'woocommerce',
  label: 'WooCommerce',
  folder: 'woocommerce',
  applications: { WOOCOMMERCE_DIR: 'woocommerce' },
};
