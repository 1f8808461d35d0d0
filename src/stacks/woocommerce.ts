import { SHOP_SETTING_NAMES } from '../domain/shop-settings.ts';
import type { Stack } from './stack.ts';
import { wordpress } from './wordpress.ts';

/** The WordPress stack with the shop plugin mounted into it, read-only. */
export const woocommerce: Stack = {
  ...wordpress,
  platform: 'woocommerce',
  label: 'WooCommerce',
  folder: 'woocommerce',
  settings: SHOP_SETTING_NAMES,
  ahead: wordpress.ahead && { ...wordpress.ahead, input: { platform: 'woocommerce', forNobody: true } },
  applications: { WOOCOMMERCE_DIR: 'woocommerce' },
  compiled: {
    service: 'web',
    applicationsAt: { WOOCOMMERCE_DIR: '/var/www/html/wp-content/plugins/woocommerce' },
  },
};
