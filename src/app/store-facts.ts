import { join } from 'node:path';
import type { Config } from '../config/config.ts';
import { COMPILED_KEY, type CompiledCode, NOTHING_COMPILED, readCompiledName } from '../domain/compiled-code.ts';
import { AppError } from '../domain/errors.ts';
import { applicationKey, DATABASE_NAME, DATABASE_USER } from '../domain/names.ts';
import type { ShownRun } from '../domain/run.ts';
import type { ShownStore, Store } from '../domain/store.ts';
import { assertWithinBounds, type StoreBounds } from '../domain/store-bounds.ts';
import { networkPlanOf } from '../domain/subnets.ts';
import type { MailFacts } from '../mail/mail-kinds.ts';
import { stepTitlesOf } from '../provisioning/step-titles.ts';
import { servicesOf, stackOf } from '../stacks/index.ts';
import type { Stack } from '../stacks/stack.ts';
import { forOwner, presentStore, type StoreView } from '../stores/present-store.ts';

const HTTPS_PORT = 443;

type EdgePorts = Pick<Config, 'http'>;

/** What follows a host in the address bar: nothing on the usual port. */
const portSuffixOf = ({ http }: EdgePorts): string => (http.httpsPort === HTTPS_PORT ? '' : `:${http.httpsPort}`);

/** What follows a store's name in the address bar, e.g. `.localhost:8443`. */
export const hostSuffixOf = (config: EdgePorts & Pick<Config, 'baseDomain'>): string =>
  `.${config.baseDomain}${portSuffixOf(config)}`;

/** Where visitors of a host find it; ends in a slash. */
export const addressOf = (config: EdgePorts, hostname: string): string => `https://${hostname}${portSuffixOf(config)}/`;

/** Where a visitor finds the store: what its own pages lead to. Ends in a slash. */
export function urlOf(config: EdgePorts, store: Pick<Store, 'domain' | 'primaryDomain'>): string {
  return addressOf(config, store.primaryDomain ?? store.domain);
}

/** Where its web server listens on loopback, and the host (with the port, as a browser says it) it expects to be asked for. */
export function backdoorOf(
  config: EdgePorts,
  store: Pick<Store, 'domain' | 'primaryDomain' | 'port'>,
): { port: number; host: string } {
  return { port: store.port, host: new URL(urlOf(config, store)).host };
}

export function adminUrlOf(config: EdgePorts, store: Pick<Store, 'domain' | 'primaryDomain' | 'adminPath'>): string {
  return new URL(store.adminPath, urlOf(config, store)).href;
}

/** What the mail about an open shop says of its administration; nothing where the platform has nothing to say. */
export const adminNoteOf = ({ adminNotes }: Pick<Stack, 'adminNotes'>): Pick<MailFacts<'ready'>, 'adminNote'> =>
  adminNotes.length === 0 ? {} : { adminNote: adminNotes.join(' ') };

/** The store object of the contract, as operators see it: at the desk and by `shopctl`. */
export function presenterOf(config: EdgePorts): (store: ShownStore, run: ShownRun | undefined) => StoreView {
  return (store, run) =>
    presentStore(store, run, {
      url: urlOf(config, store),
      titleOf: stepTitlesOf(stackOf(store.platform)),
      now: new Date(),
    });
}

/** The same as owners see it, in pages, the JSON API and webhooks. */
export function ownersPresenterOf(config: EdgePorts): ReturnType<typeof presenterOf> {
  const present = presenterOf(config);
  return (store, run) => forOwner(present(store, run));
}

/** What stores of this installation may have. */
export const boundsOf = (config: Pick<Config, 'ports' | 'storeSubnets' | 'storeUids' | 'baseDomain'>): StoreBounds => ({
  ports: config.ports,
  subnets: config.storeSubnets,
  uids: config.storeUids,
  baseDomain: config.baseDomain,
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
  const compiled = compiledOf(store);
  const made = Object.entries(servicesOf(store));
  const optional = made.filter(([, { isOptional }]) => isOptional);
  return {
    STORE_ID: store.id,
    STORE_UID: String(store.uid),
    STORE_PORT: String(store.port),
    INSTANCE: config.instanceId,
    FRONT_SUBNET: network.frontSubnet,
    FRONT_GATEWAY: network.frontGateway,
    FRONT_WEB_IP: network.frontWebIp,
    BACK_SUBNET: network.backSubnet,
    DB_HOST: 'db',
    DB_NAME: DATABASE_NAME,
    DB_USER: DATABASE_USER,
    ...Object.fromEntries(Object.entries(network.backIps).map(([name, ip]) => [`BACK_${name.toUpperCase()}_IP`, ip])),
    ...Object.fromEntries(made.map(([name]) => [`${name.toUpperCase()}_IMAGE`, image(name)])),
    ...Object.fromEntries(optional.map(([name]) => [`${name.toUpperCase()}_HOST`, name])),
    ...(optional.length === 0 ? {} : { COMPOSE_PROFILES: optional.map(([name]) => name).join(',') }),
    ...Object.fromEntries(applications),
    ...(stack.compiled === null
      ? {}
      : {
          COMPILED_DIR: join(config.dataDir, 'compiled', compiled.name),
          COMPILED_PAGES: compiled.pages,
          COMPILED_PROGRAMS: compiled.programs,
        }),
  };
}

const compiledOf = ({ images }: Pick<Store, 'images'>): CompiledCode =>
  readCompiledName(images[COMPILED_KEY] ?? '') ?? NOTHING_COMPILED;
