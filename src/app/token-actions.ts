import { createTokenDesk } from '../accounts/api-tokens.ts';
import { operatorName } from '../adapters/process/operator-name.ts';
import type { CliActions } from '../cli/actions.ts';
import { originOfOperator } from '../domain/origin.ts';
import type { Adapters } from './adapters.ts';
import { findCustomerId } from './find-customer-id.ts';

/** `shopctl token list|revoke` */
export function createTokenActions(opened: () => Adapters): Pick<CliActions, 'listTokens' | 'revokeToken'> {
  const tokens = () => createTokenDesk({ repository: opened().repositories.apiTokens, now: () => new Date() });
  return {
    listTokens: async (customer) => tokens().list(await findCustomerId(opened(), customer)),
    revokeToken: async ({ customer, id }) =>
      tokens().revoke({
        customerId: await findCustomerId(opened(), customer),
        id,
        origin: originOfOperator(operatorName()),
      }),
  };
}
