import { type ServiceLooks, tellIll } from '../../domain/service-looks.ts';
import type { Store } from '../../domain/store.ts';
import { type Check, fail, ok, warn } from './check.ts';

const MAX_NAMED = 5;

/** The seed's third trouble, containers that don't start: every active store's services, and stores that failed. */
export const storeContainersCheck = (parts: {
  readonly stores: () => Promise<readonly Store[]>;
  readonly look: (store: Store) => Promise<ServiceLooks>;
}): Check => ({
  name: 'store-containers',
  async run() {
    const stores = await parts.stores();
    const active = stores.filter(({ status }) => status === 'active');
    const broken: { store: Store; message: string }[] = [];
    for (const store of active) {
      const ill = tellIll(await parts.look(store));
      if (ill !== null) broken.push({ store, message: `${store.name}: ${ill}` });
    }
    if (broken.length > 0) {
      const named = broken.slice(0, MAX_NAMED).map(({ message }) => message);
      const more = broken.length > named.length ? [`${broken.length - named.length} more stores`] : [];
      return fail(
        `${[...named, ...more].join('; ')}.`,
        broken.map(({ store }) => `shopctl store repair ${store.id}`).join(' && '),
      );
    }
    const failed = stores.filter(({ status }) => status === 'failed');
    if (failed.length > 0) {
      const reasons = failed
        .slice(0, MAX_NAMED)
        .map(
          ({ name, error }) =>
            `${name} failed${error?.step ? ` at ${error.step}` : ''}: ${error?.message ?? 'unknown reason'}`,
        );
      return warn(reasons.join('; '), failed.map(({ id }) => `shopctl store retry ${id}`).join(' && '));
    }
    return ok(`${active.length} active stores run`);
  },
});
