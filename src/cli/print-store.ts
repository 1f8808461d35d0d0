import type { StoreView } from '../stores/present-store.ts';
import type { Column, Fact } from './printer.ts';
import { elapsed } from './readable.ts';

export const STORE_COLUMNS: readonly Column<StoreView>[] = [
  { title: 'ID', value: ({ id }) => id },
  { title: 'NAME', value: ({ name }) => name },
  { title: 'PLATFORM', value: ({ platform }) => platform },
  { title: 'STATUS', value: ({ status }) => status },
  { title: 'HEALTH', value: ({ health }) => health },
  { title: 'PLAN', value: ({ plan }) => plan },
  { title: 'URL', value: ({ url }) => url },
];

/** One store for people: what it is, where it is, how far it came, what went wrong. */
export function storeFacts(store: StoreView): Fact[] {
  return [
    ['id', store.id],
    ['name', store.name],
    ['title', store.title],
    ['platform', store.platform],
    ['status', store.status],
    ['health', store.health],
    ...(store.healthDetail === undefined ? [] : [['what is ill', store.healthDetail] as const]),
    ['url', store.url],
    ['admin', store.adminUrl],
    ['port', store.port],
    ['plan', store.plan],
    ['customer', store.customerId],
    [
      'versions',
      Object.entries(store.versions)
        .map((pair) => pair.join(' '))
        .join(', '),
    ],
    ['created', store.createdAt],
    ['active since', store.activeAt],
    ...(store.inMaintenance === undefined ? [] : [['maintenance', 'visitors see a note'] as const]),
    ...(store.suspension === undefined
      ? []
      : [['suspended', `${store.suspension.at} by ${store.suspension.by}`] as const]),
    ...(store.deletion === undefined ? [] : [['deleted for good', store.deletion.dueAt] as const]),
    ...(store.run?.steps ?? []).map(
      ({ name, status, elapsedMs }) =>
        [name, elapsedMs === null ? status : `${status}  ${elapsed(elapsedMs)}`] as const,
    ),
    ...(store.error === null
      ? []
      : [
          ['error', `${store.error.message} (${store.error.code})`] as const,
          ['what to do', store.error.hint] as const,
        ]),
  ];
}
