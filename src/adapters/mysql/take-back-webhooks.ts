import type { Queries, Tx } from './transactions.ts';
import { giveUpWaiting } from './webhook-endpoints.ts';

/** Removes all webhooks of an account, as part of whatever else is written. Returns how many there were. */
export async function removeWebhooks(queries: Queries, customerId: string): Promise<number> {
  const theirs = queries.deleteFrom('webhook_endpoints').where('customer_id', '=', customerId);
  return Number((await theirs.executeTakeFirst()).numDeletedRows);
}

/**
 * Webhooks of an account that its owner takes back from somebody tell nobody anything any more: those that were added at
 * `since` or later go, every other one is off, since it may lead elsewhere by now. Returns how many of each.
 */
export async function takeBackWebhooks(tx: Tx, customerId: string, { since }: { readonly since?: Date | undefined }) {
  const added = tx.deleteFrom('webhook_endpoints').where('customer_id', '=', customerId);
  const removed = since && (await added.where('created_at', '>=', since).executeTakeFirst());
  const left = await tx
    .selectFrom('webhook_endpoints')
    .select('id')
    .where('customer_id', '=', customerId)
    .where('is_enabled', '=', 1)
    .forUpdate()
    .execute();
  for (const { id } of left) {
    await tx
      .updateTable('webhook_endpoints')
      .set({ is_enabled: 0, switched_off: 'taken-back', failing_since: null })
      .where('id', '=', id)
      .execute();
    await giveUpWaiting(tx, id);
  }
  return { removedWebhooks: Number(removed?.numDeletedRows ?? 0), switchedOffWebhooks: left.length };
}
