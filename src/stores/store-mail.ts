import { AppError, InvalidFormError, toAppError } from '../domain/errors.ts';
import type { Origin } from '../domain/origin.ts';
import type { Store } from '../domain/store.ts';
import {
  type MailPassword,
  parseStoreMail,
  STORE_MAIL_PASSWORD,
  type StoreMailSettings,
  type StoreMailTexts,
} from '../domain/store-mail.ts';
import type { StoreMailCarrier } from '../mail/carry-store-mail.ts';
import type { MailTrial, StoreMailView } from '../web/services/settings.ts';

/** What a server says is shown, and not for ever. */
const ANSWER_MAX = 300;

interface Sealed {
  readonly keyId: string;
  readonly text: string;
}

export interface StoreMailDeps {
  readonly settings: {
    find(storeId: string): Promise<StoreMailSettings>;
    save(
      change: Origin & {
        storeId: string;
        settings: StoreMailSettings;
        password: Sealed | 'kept' | 'none';
        now: Date;
      },
    ): Promise<void>;
    noteTrial(trial: Origin & { storeId: string; to: string; now: Date }): Promise<void>;
  };
  readonly vault: {
    names(storeId: string): Promise<readonly string[]>;
    seal(secret: { storeId: string; name: string }, clear: string): Promise<Sealed>;
  };
  /** May stores' own servers stand on private networks? The operator's choice. */
  readonly mayBePrivate: boolean;
  /** Throws `mail_host_refused`. */
  readonly lookUp: (host: string) => Promise<unknown>;
  /** The shop writes a mail as it writes every other; null where something in it sends mail another way. */
  readonly writeTrial: (store: Store, to: string, signal: AbortSignal) => Promise<Buffer | null>;
  readonly carry: StoreMailCarrier;
  readonly wordsFor: (error: AppError) => { readonly sentence: string; readonly answer: string | null };
  readonly newId: () => string;
  readonly now: () => Date;
}

interface TrialOptions {
  readonly origin: Origin;
  readonly signal: AbortSignal;
  readonly withinMs: number;
}

export type StoreMail = ReturnType<typeof createStoreMail>;

/** How a shop's mail leaves: chosen, and tried out. For who may, with the vault at hand. */
export function createStoreMail(deps: StoreMailDeps) {
  const { settings, vault, mayBePrivate } = deps;
  const hasPassword = async (storeId: string): Promise<boolean> =>
    (await vault.names(storeId)).includes(STORE_MAIL_PASSWORD);
  return {
    async show({ id }: Pick<Store, 'id'>): Promise<StoreMailView> {
      const [now, isKept] = await Promise.all([settings.find(id), hasPassword(id)]);
      return { ...now, hasPassword: isKept };
    },

    /** Throws `InvalidFormError`, also for a server that may not be reached. */
    async change({ id }: Pick<Store, 'id'>, texts: StoreMailTexts, origin: Origin): Promise<void> {
      const known = await settings.find(id);
      const wished = parseStoreMail(texts, known, { hasPassword: await hasPassword(id), mayBePrivate });
      if (wished.settings.server !== null) await assertReachable(deps, wished.settings.server.host);
      const password = await sealed(id, wished.password);
      await settings.save({ storeId: id, settings: wished.settings, password, ...origin, now: deps.now() });
    },

    /**
     * One mail through the shop, on the way that all its mail takes, to `to` alone, whomever the shop names; with a line
     * in the ledger. What went wrong there is an answer, no error.
     */
    async tryOut(store: Store, to: string, options: TrialOptions): Promise<MailTrial> {
      await settings.noteTrial({ storeId: store.id, to, ...options.origin, now: deps.now() });
      const raw = await deps.writeTrial(store, to, options.signal);
      if (raw === null) return { outcome: 'left-by-itself', to };
      try {
        const { answer, from, way } = await deps.carry(store.id, { id: deps.newId(), raw, to: [to] }, options);
        return { outcome: 'accepted', to, from, way, answer: answer.slice(0, ANSWER_MAX) };
      } catch (thrown) {
        return { outcome: 'failed', to, ...deps.wordsFor(toAppError(thrown)) };
      }
    },
  };

  async function sealed(storeId: string, password: MailPassword) {
    if (password.kind !== 'new') return password.kind;
    return vault.seal({ storeId, name: STORE_MAIL_PASSWORD }, password.clear);
  }
}

async function assertReachable({ lookUp }: Pick<StoreMailDeps, 'lookUp'>, host: string): Promise<void> {
  try {
    await lookUp(host);
  } catch (thrown) {
    if (thrown instanceof AppError && thrown.code === 'mail_host_refused') {
      throw new InvalidFormError({ host: thrown.message });
    }
    throw thrown;
  }
}
