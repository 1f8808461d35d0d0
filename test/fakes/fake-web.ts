import { AppError, NotFoundError } from '../../src/domain/errors.ts';
import { phpChoices } from '../../src/domain/php-limits.ts';
import { DEFAULT_STORE_MAIL } from '../../src/domain/store-mail.ts';
import type { StoreView } from '../../src/stores/present-store.ts';
import { createWebServer } from '../../src/web/server/create-server.ts';
import type { RequestFacts } from '../../src/web/server/request-facts.ts';
import type { RenderPage } from '../../src/web/server/serve-pages.ts';
import type { PasskeyServices } from '../../src/web/services/passkeys.ts';
import type { SecondFactorServices } from '../../src/web/services/second-factors.ts';
import type { ProgressEvent, Session, StoreDetails, WebServices } from '../../src/web/services.ts';

export const PUBLIC_URL = 'https://panel.test:8443/';
/** A customer and the token of her session. */
export const ANN = { customerId: 'cus_ann', token: 'token-of-ann' };
export const ANNS_STORE = 'sto_anns';

const A_STORE: StoreView = {
  id: ANNS_STORE,
  name: 'flowers',
  title: 'Flowers',
  platform: 'wordpress',
  status: 'active',
  health: 'healthy',
  url: 'https://flowers.shops.test/',
  adminUrl: 'https://flowers.shops.test/wp-admin/',
  domain: 'flowers.shops.test',
  port: 8001,
  plan: 'starter',
  customerId: ANN.customerId,
  versions: {},
  createdAt: '2026-11-25T10:00:00.000Z',
  activeAt: '2026-11-25T10:00:10.000Z',
  run: null,
  error: null,
};

const noDesk = () => Promise.reject(new AppError('internal_error', 'no desk here'));
const NO_DESK: WebServices['desk'] = {
  overview: noDesk,
  stores: noDesk,
  store: noDesk,
  customers: noDesk,
  customer: noDesk,
  runs: noDesk,
  run: noDesk,
  retry: noDesk,
  repair: noDesk,
  suspend: noDesk,
  resume: noDesk,
  planChoices: noDesk,
  resize: noDesk,
  deleteStore: noDesk,
  lock: noDesk,
  unlock: noDesk,
  pool: noDesk,
  resizePool: noDesk,
  drainPool: noDesk,
  settings: noDesk,
  changeSettings: noDesk,
  ledger: noDesk,
  ledgerCsv: () => {
    throw new AppError('internal_error', 'no desk here');
  },
};
const NO_LINK = new AppError('link_invalid', 'used');

/** The features with a customer called Ann who has one store; everything else is refused as the real ones do. */
export function fakeServices(events: readonly ProgressEvent[] = []): WebServices & { readonly addresses: string[] } {
  const addresses: string[] = [];
  const session: Session = {
    id: 'ses_ann',
    customerId: ANN.customerId,
    email: 'ann@example.com',
    isVerified: true,
    role: 'customer',
    hasSecondFactor: false,
    provenAt: new Date(),
  };
  const own = (customerId: string, storeId: string): void => {
    if (customerId !== ANN.customerId || storeId !== ANNS_STORE) throw new NotFoundError('store', storeId);
  };
  return {
    addresses,
    facts: {
      version: '0.1.0',
      publicUrl: PUBLIC_URL,
      baseDomain: 'shops.test',
      hostSuffix: '.shops.test:8443',
      support: null,
      termsUrl: null,
      links: { guide: 'https://help.test/', source: null, status: null },
      shopDefaults: { country: 'DE', currency: 'EUR', timezone: 'UTC', locale: 'en_US', builtLocales: ['en_US'] },
      startLocales: { woocommerce: ['en_US'], wordpress: ['en_US'], magento: ['en_US'] },
    },
    accounts: {
      signUp: () => Promise.reject(new AppError('sign_ups_closed', 'closed')),
      logIn: () => Promise.reject(new AppError('wrong_credentials', 'no')),
      proveAgain: () => Promise.reject(new AppError('wrong_credentials', 'no')),
      sendVerification: async () => undefined,
      findVerification: () => Promise.reject(NO_LINK),
      verifyEmail: () => Promise.reject(NO_LINK),
      changeEmail: async ({ email }) => ({ email }),
      findRestore: () => Promise.reject(NO_LINK),
      restoreEmail: () => Promise.reject(NO_LINK),
      findDisowned: () => Promise.reject(NO_LINK),
      disownFactor: () => Promise.reject(NO_LINK),
      requestReset: async () => undefined,
      findReset: () => Promise.reject(NO_LINK),
      resetPassword: () => Promise.reject(NO_LINK),
      logOut: async () => undefined,
      findSession: async (token) => (token === ANN.token ? session : undefined),
      stillOpening: async (tokens) => new Set(tokens.filter((token) => token === ANN.token)),
    },
    accountData: {
      exportAccount: async () => ({}),
      scheduleDeletion: () => Promise.reject(new AppError('step_up_required', 'too old')),
      keepAccount: async () => undefined,
    },
    security: {
      listSessions: async () => [],
      endSession: ({ id }) => Promise.reject(new NotFoundError('session', id)),
      endOtherSessions: async () => 0,
      changePassword: () => Promise.reject(new AppError('step_up_required', 'too old')),
      ...fakeSecondFactors(),
    },
    tokens: {
      list: async () => [],
      make: () => Promise.reject(new AppError('step_up_required', 'too old')),
      revoke: ({ id }) => Promise.reject(new NotFoundError('token', id)),
      find: async () => undefined,
      stillOpening: async () => new Set(),
    },
    answers: { once: (_wish, act) => act() },
    countRefusal: async () => undefined,
    takeTurn: async () => ({ isAllowed: true, limit: 300, remaining: 299, resetMs: 60_000 }),
    stores: {
      list: async () => [A_STORE],
      siblings: async () => [A_STORE],
      newest: async (customerId) => (customerId === ANN.customerId ? A_STORE : undefined),
      async view(customerId, storeId) {
        own(customerId, storeId);
        return A_STORE;
      },
      async get(customerId, storeId) {
        own(customerId, storeId);
        return { store: A_STORE, lastEventId: 0 } as StoreDetails;
      },
      order: () => Promise.reject(new AppError('sign_ups_closed', 'closed')),
      async retry(customerId, storeId) {
        own(customerId, storeId);
      },
      credentials: () => Promise.reject(new AppError('step_up_required', 'too old')),
    },
    domains: {
      list: () => Promise.reject(new NotFoundError('store', 'any')),
      add: () => Promise.reject(new NotFoundError('store', 'any')),
      check: () => Promise.reject(new NotFoundError('store', 'any')),
      setRedirecting: () => Promise.reject(new NotFoundError('store', 'any')),
      makePrimary: () => Promise.reject(new NotFoundError('store', 'any')),
      remove: () => Promise.reject(new NotFoundError('store', 'any')),
    },
    life: {
      pause: async (customerId, storeId) => own(customerId, storeId),
      resume: async (customerId, storeId) => own(customerId, storeId),
      restart: async (customerId, storeId) => own(customerId, storeId),
      planChoices: async () => ({ choices: [], diskBytes: null }),
      resize: async (customerId, storeId) => own(customerId, storeId),
      rotate: async (customerId, storeId) => own(customerId, storeId),
      cancel: () => Promise.reject(new AppError('step_up_required', 'too old')),
      whatGoes: async () => ({ domains: [], databases: 1, diskBytes: null, graceDays: 7 }),
      scheduleDelete: async (customerId, storeId) => own(customerId, storeId),
      undoDelete: async (customerId, storeId) => own(customerId, storeId),
    },
    settings: {
      shop: async () => ({ offered: [], now: null, phpChoices: phpChoices('wordpress', 'starter', []) }),
      async setShop(customerId, storeId) {
        own(customerId, storeId);
        return true;
      },
      mail: async () => DEFAULT_STORE_MAIL,
      mailTraffic: async () => ({ perHour: 200, waiting: 0, heldUntil: null }),
      setMail: () => Promise.reject(new AppError('step_up_required', 'too old')),
      pageCache: async () => ({ pageCache: 'on', lifetime: '10m', kept: 'at-the-edge' }),
      setPageCache: () => Promise.reject(new AppError('worker_unavailable', 'no worker here')),
      emptyPageCache: () => Promise.reject(new AppError('worker_unavailable', 'no worker here')),
      tryMail: () => Promise.reject(new AppError('worker_unavailable', 'no worker here')),
    },
    progress: {
      async *follow(_storeId, afterId) {
        yield* events.filter(({ id }) => id > afterId);
      },
    },
    mail: {
      list: async () => ({ items: [], before: null }),
      preview: () => Promise.reject(new AppError('not_found', 'no mail here')),
      resend: async () => undefined,
      sendTest: async () => undefined,
    },
    ledger: {
      storeActivity: async () => ({ lines: [], before: null }),
      accountActivity: async () => ({ lines: [], before: null }),
    },
    desk: NO_DESK,
    find: async () => [],
    banner: async () => '',
    acting: { begin: noDesk, end: async () => ({ isOperatorSignedIn: false }) },
    access: {
      openDatabase: async () => ({ state: 'preparing' }),
      closeDatabase: async () => undefined,
      openDatabases: async () => [],
      databaseDoor: async () => undefined,
      openAdmin: () => Promise.reject(new AppError('step_up_required', 'too old')),
      revokeAdminLinks: async () => undefined,
    },
    webhooks: {
      list: async () => [],
      get: noWebhook,
      add: noWebhook,
      change: noWebhook,
      setEnabled: noWebhook,
      rotateSecret: noWebhook,
      remove: noWebhook,
      sendTest: noWebhook,
      deliveries: noWebhook,
      resend: noWebhook,
    },
    logs: {
      read: async () => ({ sources: [], lines: [], leftOut: 0, places: '' }),
      async *follow() {},
    },
    offer: async () => ({ platforms: [], plans: [], closed: null }),
    async checkName(text, visitor) {
      addresses.push(visitor.address);
      return { name: text, host: `${text}.shops.test:8443`, available: true, reason: null, suggestions: [] };
    },
    lookAtPassword: async ({ password }) => ({ isAccepted: password.length > 11, sentence: 'Looked at.' }),
  };
}

const noWebhook = () => Promise.reject(new NotFoundError('webhook', 'any'));

/** None, and nobody may change that. */
function fakeSecondFactors(): SecondFactorServices & PasskeyServices {
  const refuse = () => Promise.reject(new AppError('step_up_required', 'too old'));
  return {
    secondFactors: async () => ({ totpSince: null, passkeys: [], recoveryCodesLeft: 0 }),
    findSecondStep: () => Promise.reject(new AppError('link_invalid', 'no')),
    finishLogIn: () => Promise.reject(new AppError('link_invalid', 'no')),
    proveWithCode: () => Promise.reject(new AppError('wrong_code', 'no')),
    prepareTotp: refuse,
    addTotp: refuse,
    removeSecondFactor: refuse,
    renewRecoveryCodes: refuse,
    askForPasskey: refuse,
    logInWithPasskey: () => Promise.reject(new AppError('passkey_refused', 'no')),
    askForNewPasskey: refuse,
    addPasskey: refuse,
    renamePasskey: refuse,
    askForProof: refuse,
    proveWithPasskey: refuse,
  };
}

export interface FakeWeb {
  readonly services: ReturnType<typeof fakeServices>;
  readonly logged: string[];
  /** Asks as if connected from `peer`; by default from somewhere on this machine. */
  ask(path: string, init?: RequestInit & { readonly peer?: string }): Promise<Response>;
}

/** The web server on fakes; pages answer with what they were handed, as JSON. */
export function fakeWeb(
  changes: { render?: RenderPage; events?: readonly ProgressEvent[]; filesFolder?: string } = {},
): FakeWeb {
  const services = fakeServices(changes.events);
  const logged: string[] = [];
  const log = (facts: object, message: string): void => void logged.push(JSON.stringify({ message, ...facts }));
  const render: RenderPage = async (request, page) =>
    Response.json({
      url: request.url,
      method: request.method,
      host: request.headers.get('host'),
      origin: request.headers.get('origin'),
      forwarded: [...request.headers.keys()].filter((name) => name.startsWith('x-forwarded')),
      customerId: page.session?.customerId,
      refusal: page.refusal?.code,
    });
  const server = createWebServer({
    services,
    render: changes.render ?? render,
    filesFolder: changes.filesFolder ?? '/nonexistent',
    health: async () => ({ status: 'ok', parts: {} }),
    stopping: new AbortController().signal,
    log: { info: log, warn: log, error: log },
  });
  return {
    services,
    logged,
    async ask(path, { peer = '127.0.0.1', ...init } = {}) {
      const bindings: RequestFacts['Bindings'] = { incoming: { socket: { remoteAddress: peer } } };
      return server.request(path, init, bindings);
    },
  };
}

export const asAnn = { cookie: `__Host-session=${ANN.token}` };
