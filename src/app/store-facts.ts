import { join } from 'node:path';
import type { Config } from '../config/config.ts';
import { AppError } from '../domain/errors.ts';
import { applicationKey, DATABASE_NAME, DATABASE_USER } from '../domain/names.ts';
import type { Run } from '../domain/run.ts';
import type { Store } from '../domain/store.ts';
import { assertWithinBounds, type StoreBounds } from '../domain/store-bounds.ts';
import { networkPlanOf } from '../domain/subnets.ts';
import { STEP_TITLES } from '../provisioning/step-titles.ts';
import { stackOf } from '../stacks/index.ts';
import { presentStore, type StoreView } from '../stores/present-store.ts';

const HTTPS_PORT = 443;

type EdgePorts = Pick<Config, 'http'>;

/** What follows a host in the address bar: nothing on the usual port. */
const portSuffixOf = ({ http }: EdgePorts): string => (http.httpsPort === HTTPS_PORT ? '' : `:${http.httpsPort}`);

/** What follows a store's name in the address bar, e.g. `.localhost:8443`. */
export const hostSuffixOf = (config: EdgePorts & Pick<Config, 'baseDomain'>): string =>
  `.${config.baseDomain}${portSuffixOf(config)}`;

/** Where a visitor finds the store; ends in a slash. */
export function urlOf(config: EdgePorts, store: Pick<Store, 'domain'>): string {
  return `https://${store.domain}${portSuffixOf(config)}/`;
}

/** Where its web server listens on loopback, and the host (with the port, as a browser says it) it expects to be asked for. */
export function backdoorOf(config: EdgePorts, store: Pick<Store, 'domain' | 'port'>): { port: number; host: string } {
  return { port: store.port, host: new URL(urlOf(config, store)).host };
}

export function adminUrlOf(config: EdgePorts, store: Pick<Store, 'domain' | 'platform'>): string {
  return new URL(stackOf(store.platform).adminPath, urlOf(config, store)).href;
}

/** The store object of the contract, as CLI, API and pages of this installation show it. */
export function presenterOf(config: EdgePorts): (store: Store, run: Run | undefined) => StoreView {
  return (store, run) =>
    presentStore(store, run, {
      url: urlOf(config, store),
      adminPath: stackOf(store.platform).adminPath,
      titleOf: (step) => STEP_TITLES[step],
      now: new Date(),
    });
}

/** What stores of this installation may have. */
export const boundsOf = (config: Pick<Config, 'ports' | 'storeSubnets' | 'storeUids'>): StoreBounds => ({
  ports: config.ports,
  subnets: config.storeSubnets,
  uids: config.storeUids,
});

/**
 * What Compose puts into a store's file. Nothing of its name, owner, domain or plan, and no secret. Throws
 * `store_out_of_bounds` for a row that no store may have, or one that does not say what the store is made of.
 */
export function composeVariablesOf(config: Config, store: Store): Readonly<Record<string, string>> {
  assertWithinBounds(store, boundsOf(config));
  const network = networkPlanOf(store.network.subnet);
  const stack = stackOf(store.platform);
  const image = (key: string): string => {
    const made = store.images[key];
    if (made === undefined) throw new AppError('store_out_of_bounds', `The row of ${store.id} says nothing of ${key}.`);
    return made;
  };
  const applications = Object.entries(stack.applications).map(([variable, name]) => [
    variable,
    join(config.dataDir, 'applications', image(applicationKey(name))),
  ]);
  return {
    STORE_ID: store.id,
    STORE_UID: String(store.uid),
    STORE_PORT: String(store.port),
    INSTANCE: config.instanceId,
    WEB_IMAGE: image('web'),
    DB_IMAGE: image('db'),
    CACHE_IMAGE: image('cache'),
    FRONT_SUBNET: network.frontSubnet,
    FRONT_GATEWAY: network.frontGateway,
    FRONT_WEB_IP: network.frontWebIp,
    BACK_SUBNET: network.backSubnet,
    BACK_WEB_IP: network.backWebIp,
    BACK_DB_IP: network.backDbIp,
    BACK_CACHE_IP: network.backCacheIp,
    DB_HOST: 'db',
    DB_NAME: DATABASE_NAME,
    DB_USER: DATABASE_USER,
    ...Object.fromEntries(applications),
  };
}
