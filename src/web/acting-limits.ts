/** How far somebody may go on a page while acting as a customer: not at all, look, or use its form as well. */
type Reach = 'nothing' | 'look' | 'use';

/**
 * By the pattern of a page's address. An operator who acts as a customer sees what the customer sees, and helps where
 * nothing is lost by it. Keys, access, security, money, deletion and whatever else is the customer's alone stays closed:
 * a page that is not named here is.
 */
export const ACTING_LIMITS: Readonly<Record<string, Reach>> = {
  '/': 'look',
  '*': 'look',
  login: 'look',
  theme: 'use',
  logout: 'use',
  'acting/stop': 'use',
  dashboard: 'look',
  find: 'look',
  'stores/:storeId': 'look',
  'stores/:storeId/domains': 'look',
  'stores/:storeId/logs': 'look',
  'stores/:storeId/activity': 'look',
  'stores/:storeId/settings': 'look',
  'stores/:storeId/retry': 'use',
};

/** Every change but GET and HEAD counts as use. */
export function mayWhileActing(pattern: string, method: string): boolean {
  const reach = Object.hasOwn(ACTING_LIMITS, pattern) ? ACTING_LIMITS[pattern] : 'nothing';
  return reach === 'use' || (reach === 'look' && (method === 'GET' || method === 'HEAD'));
}
