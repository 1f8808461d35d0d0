import type { FindServices, Found } from '../web/services/find.ts';
import type { DeskLists } from './read-lists.ts';

const FEW = 8;
const LONGEST = 254;

export interface FindDeps {
  readonly lists: Pick<DeskLists, 'stores' | 'customers'>;
}

/** See `FindServices`. */
export function createFind({ lists }: FindDeps): FindServices['find'] {
  return async ({ customerId, isOperator }, text) => {
    const search = text.trim().toLowerCase().slice(0, LONGEST) || undefined;
    const few = { search, limit: FEW, offset: 0, sort: 'newest' } as const;
    const [own, all, customers] = await Promise.all([
      lists.stores.page({ ...few, customerId }),
      isOperator && search !== undefined ? lists.stores.page(few) : NOTHING,
      isOperator && search !== undefined ? lists.customers.page(few) : NOTHING,
    ]);
    const storeAt =
      (folder: string) =>
      (row: { id: string; name: string; domain: string | null; email: string }): Found => ({
        kind: 'store',
        label: row.name,
        more: folder === '/stores' ? (row.domain ?? '') : `${row.domain ?? ''} · ${row.email}`,
        to: `${folder}/${row.id}`,
      });
    return [
      ...own.rows.map(storeAt('/stores')),
      ...all.rows.map(storeAt('/admin/stores')),
      ...customers.rows.map(
        ({ id, email }): Found => ({ kind: 'customer', label: email, more: 'Account', to: `/admin/customers/${id}` }),
      ),
    ];
  };
}

const NOTHING = { rows: [], total: 0 };
