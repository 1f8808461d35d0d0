import { AppError, LeaseLostError } from '../../domain/errors.ts';
import type { LedgerLine } from '../../domain/ledger.ts';
import { SYSTEM } from '../../domain/origin.ts';
import type { Lease, StepName } from '../../domain/run.ts';
import { ADMIN_CREDENTIALS, type ChangedSecret, type SecretName, type StoreSecrets } from '../../domain/secrets.ts';
import type { Store } from '../../domain/store.ts';
import { pause } from '../../lib/deadline.ts';
import { MINUTE, SECOND } from '../../lib/time.ts';
import type { Step, StepContext } from '../step.ts';
import { STEP_TITLES } from '../step-titles.ts';
import type { AdminCredentials } from '../steps/save-credentials.ts';
import { type StoreLinks, tellOwner } from './tell-owner.ts';
import { triedAgain } from './tried-again.ts';

export interface RotationDeps {
  readonly vault: {
    read(storeId: string, name: string): Promise<string | undefined>;
    /** What is to take the secret's place; `undefined` once this run has put it there. */
    nextOf(name: ChangedSecret, make: () => string, lease: Lease): Promise<string | undefined>;
    /** It is the one from now on, with its line in the ledger; once. */
    replace(name: ChangedSecret, line: LedgerLine, lease: Lease): Promise<void>;
  };
  readonly makers: Readonly<Record<ChangedSecret, () => string>>;
  readonly secretFiles: { write(store: Store, secrets: StoreSecrets): Promise<void> };
  /** Those that the store's containers find in files. */
  readonly mountedSecretsOf: (store: Store) => readonly SecretName[];
  readonly database: {
    /** Its user gets in with either. A server that starts anew knows only what stands in its file. */
    acceptBoth(store: Store, passwords: { before: string; next: string }, signal: AbortSignal): Promise<void>;
    acceptOnly(store: Store, password: string, signal: AbortSignal): Promise<void>;
    /** Its own look at its health signs in with this one. */
    checkHealthWith(store: Store, password: string, signal: AbortSignal): Promise<void>;
  };
  readonly shop: {
    resetAdmin(store: Store, admin: AdminCredentials, signal: AbortSignal): Promise<void>;
    /** No link into the administration opens any more. */
    revokeAdminLinks(store: Store, signal: AbortSignal): Promise<void>;
    /** The shop goes by what stands in its files now. */
    readSecrets(store: Store, signal: AbortSignal): Promise<void>;
  };
  /** How long what has read the old password may still come with it, in ms: requests sign in as they begin. */
  readonly graceMs: number;
}

type Told = Pick<Parameters<typeof tellOwner>[0], 'outbox'> & { readonly links: StoreLinks; readonly now: () => Date };

/** Once in a walk, since the store is held all the while and a suspension waits for the walk's end; walks are many. */
const RETRY = { attempts: 1, backoffMs: SECOND };

const ADMIN = {
  secret: 'admin-password',
  action: 'admin_password.changed',
  whose: 'the administrator of your shop',
  sentence: 'Whoever was signed in to the administration with the old one was signed out.',
} as const;
const DATABASE = {
  secret: 'db-password',
  action: 'database_password.changed',
  whose: 'the database of your shop',
  sentence: 'Your shop uses it already, and was open all the while. The old one is refused.',
} as const;
type What = typeof ADMIN | typeof DATABASE;

/**
 * The shop's administrator gets a new password. It is sealed before the shop hears of it, and shown beside the old one
 * until it is certain that the shop has it: neither a kill nor a shop that refuses leaves a password that nobody knows.
 */
export function rotateAdmin(deps: RotationDeps & Told): readonly Step[] {
  const { vault, shop } = deps;
  return [
    makePassword(deps, ADMIN),
    untilItWorks('set-admin-password', 3 * MINUTE, async (store, { lease, signal }) => {
      const password = await nextOf(deps, ADMIN, lease);
      if (password === undefined) return;
      const { username, email } = JSON.parse(await known(vault, store, ADMIN_CREDENTIALS)) as AdminCredentials;
      // The password comes last: what fails before it leaves the old one good.
      await shop.revokeAdminLinks(store, signal);
      await shop.resetAdmin(store, { username, password, email }, signal);
    }),
    keepPassword(deps, ADMIN),
    tellWhose(deps, ADMIN),
  ];
}

/**
 * The database's user gets a new password while the shop is open. From the first step to the last but one the server
 * accepts both, and what stands in the files is always one that it accepts: a server that starts anew goes by its file,
 * so whatever is killed, and wherever, the shop works and the run goes on. Other runs may come in between: they leave
 * the file alone (`issueSecrets`). Where it ends half-way, the next rotation goes on with the same next one.
 */
export function rotateDatabase(deps: RotationDeps & Told): readonly Step[] {
  const { vault, database, secretFiles, shop } = deps;
  /** Nothing is left to do where there is no next one: the old one is known no more, and the files have the new one. */
  const acceptBoth = async (store: Store, before: string, next: string | undefined, signal: AbortSignal) => {
    if (next !== undefined) await database.acceptBoth(store, { before, next }, signal);
  };
  return [
    makePassword(deps, DATABASE),
    untilItWorks('accept-both-passwords', MINUTE, async (store, { lease, signal }) => {
      const next = await nextOf(deps, DATABASE, lease);
      await acceptBoth(store, await known(vault, store, DATABASE.secret), next, signal);
    }),
    untilItWorks('hand-out-password', 2 * MINUTE, async (store, { lease, signal }) => {
      const next = await nextOf(deps, DATABASE, lease);
      const before = await known(vault, store, DATABASE.secret);
      const password = next ?? before;
      const secrets: Partial<Record<SecretName, string>> = {};
      for (const name of deps.mountedSecretsOf(store)) {
        secrets[name] = name === DATABASE.secret ? password : await known(vault, store, name);
      }
      await secretFiles.write(store, secrets);
      // Once more: a server that has started since knew the file as it was before.
      await acceptBoth(store, before, next, signal);
      await database.checkHealthWith(store, password, signal);
      await shop.readSecrets(store, signal);
    }),
    keepPassword(deps, DATABASE),
    untilItWorks('refuse-old-password', deps.graceMs + MINUTE, async (store, { signal }) => {
      await pause(deps.graceMs, signal);
      await database.acceptOnly(store, await known(vault, store, DATABASE.secret), signal);
    }),
    tellWhose(deps, DATABASE),
  ];
}

const nextOf = ({ vault, makers }: RotationDeps, { secret }: What, lease: Lease): Promise<string | undefined> =>
  vault.nextOf(secret, makers[secret], lease);

async function known(vault: RotationDeps['vault'], store: Store, name: string): Promise<string> {
  const secret = await vault.read(store.id, name);
  if (secret !== undefined) return secret;
  throw new AppError('secret_unreadable', `The secret ${name} of ${store.id} is not in the vault.`);
}

/** Nothing of the shop is changed by it, so it may fail. */
function makePassword(deps: RotationDeps, what: What): Step {
  return {
    name: 'make-password',
    title: STEP_TITLES['make-password'],
    deadlineMs: MINUTE,
    retry: RETRY,
    ensure: async (_store, { lease }) => void (await nextOf(deps, what, lease)),
  };
}

function keepPassword({ vault, now }: RotationDeps & Told, { secret, action }: What): Step {
  return untilItWorks('keep-password', MINUTE, ({ id }, { lease }) =>
    vault.replace(secret, { ...SYSTEM, action, target: id, storeId: id, details: {}, at: now() }, lease),
  );
}

function tellWhose({ outbox, links }: Told, { whose, sentence }: What): Step {
  return tellOwner({
    outbox,
    contentOf: (store) => ({
      kind: 'shop-password-changed',
      payload: { title: store.title, whose, sentence, accessUrl: `${links.pageOf(store)}/access` },
    }),
  });
}

/** A step that may have changed something of the shop: worth many walks, since one password is better than two. */
function untilItWorks(
  name: StepName,
  deadlineMs: number,
  act: (store: Store, context: StepContext) => Promise<void>,
): Step {
  return {
    name,
    title: STEP_TITLES[name],
    deadlineMs,
    retry: RETRY,
    async ensure(store, context) {
      try {
        await act(store, context);
      } catch (thrown) {
        context.signal.throwIfAborted();
        if (thrown instanceof LeaseLostError) throw thrown;
        throw triedAgain(thrown);
      }
    },
  };
}
