import type { ShopCommand, StackAdminLink, StackOperations } from './stack.ts';

const inWeb = (program: string, input: object): ShopCommand => ({
  service: 'web',
  argv: [`/usr/local/bin/${program}`],
  input,
});

/** The same programs in every image of ours (docs/reference/images.md); what they do inside is the platform's own. */
export const SHOP_OPERATIONS: StackOperations = {
  setUrl: (url) => inWeb('shop-set-url', { url }),
  changeUrl: ({ to }) => inWeb('shop-set-url', { url: to }),
  configure: (wish) => inWeb('shop-configure', wish),
  applyPhpLimits: inWeb('shop-php-limits', {}),
  readSecrets: null,
  writeTrialMail: (to) => inWeb('shop-trial-mail', { to }),
  pause: (paused) => inWeb('shop-pause', { paused }),
  resetAdmin: ({ username, password, email }) => inWeb('shop-reset-admin', { username, password, email }),
};

/** The program is the same everywhere too; the shop takes the token at this path below its own address. */
export const adminLinkAt = (path: string): StackAdminLink => ({
  path,
  field: 'shophosting_admin_link',
  place: (link) => inWeb('shop-admin-link', link),
  revoke: inWeb('shop-admin-link', { revoke: true }),
});

/** WordPress writes whole addresses into pages, products and settings; others build them anew each time. */
export const WORDPRESS_OPERATIONS: StackOperations = {
  ...SHOP_OPERATIONS,
  changeUrl: (addresses) => inWeb('shop-change-url', addresses),
};
