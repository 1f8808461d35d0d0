import type { AddressChangeStage } from '../../src/domain/address-change.ts';
import { LeaseLostError, ShopBusyError } from '../../src/domain/errors.ts';
import { type PhpLimits, USUAL_PHP_LIMITS, withinPhpLimits } from '../../src/domain/php-limits.ts';
import {
  type Lease,
  RUN_RULES,
  type Run,
  type RunInput,
  type RunKind,
  STEP_NAMES,
  type StepName,
  type StepStatus,
} from '../../src/domain/run.ts';
import type { ShopSettings } from '../../src/domain/shop-settings.ts';
import type { Plan, Store, StoreError } from '../../src/domain/store.ts';
import type { Mark } from '../../src/provisioning/changes/marking.ts';
import type { RotationDeps } from '../../src/provisioning/changes/rotating.ts';
import type { ChangeDeps } from '../../src/provisioning/changes.ts';
import type { RunPerformerDeps } from '../../src/provisioning/perform-run.ts';
import type { PipelineDeps } from '../../src/provisioning/pipeline.ts';
import type { Journal } from '../../src/provisioning/runner.ts';
import type { Step } from '../../src/provisioning/step.ts';
import type { StoreContainers } from '../../src/provisioning/steps/start-containers.ts';
import { adminLinkAt, SHOP_OPERATIONS } from '../../src/stacks/shop-operations.ts';
import type { InstallInput, Stack } from '../../src/stacks/stack.ts';

export const SECRET_OF_THE_POOL = 'secret-of-the-pool';

/** The process is gone: nothing after this has any effect until somebody starts a new one. */
export class Crash extends Error {}

export const FAKE_STACK: Stack = {
  platform: 'wordpress',
  label: 'WordPress',
  folder: 'wordpress',
  services: {
    db: {
      image: 'mysql',
      memoryShare: 50,
      cpuShare: 100,
      pidsLimit: 64,
      healthCommand: ['/usr/local/bin/healthcheck'],
      front: false,
      secrets: { 'db-password': 'db-password', 'db-root-password': 'db-root-password' },
    },
  },
  compiled: null,
  applications: {},
  dataFolders: ['database', 'uploads'],
  ahead: null,
  preparation: 'at-start',
  demands: null,
  kernelSettings: [],
  leastMemoryMb: 512,
  newAdminPath: () => '/wp-admin/',
  adminNotes: [],
  stepTitles: {},
  cron: { kind: 'request', path: '/cron' },
  logSources: [],
  adminLink: adminLinkAt(''),
  operations: SHOP_OPERATIONS,
  settings: ['title', 'timezone'],
  startLocales: () => ['en_US'],
  installer: {
    command: ['/usr/local/bin/shop-install'],
    page: { port: 8082, path: '/hand-over', key: 'db-password' },
    input: (store, { url, adminPassword, currency }) => ({
      url,
      title: store.title,
      adminUsername: 'shopowner',
      adminEmail: store.customerEmail,
      adminPassword,
      platform: store.platform,
      currency,
    }),
  },
};

const A_PLAN: Plan = {
  name: 'starter',
  memoryMb: 1024,
  cpuMillis: 1000,
  diskMb: 5120,
  maxStores: 3,
  backupsKept: 7,
  priceCents: 900,
  isDefault: true,
};

export function aStore(changes: Partial<Store> = {}): Store {
  return {
    id: 'sto_01aaaaaaaaaaaaaaaaaaaaaaaa',
    customerId: 'cus_01aaaaaaaaaaaaaaaaaaaaaaaa',
    customerEmail: 'owner@example.com',
    name: 'demo',
    title: 'Demo',
    start: {},
    platform: 'wordpress',
    status: 'pending',
    health: 'unknown',
    healthDetail: null,
    plan: 'starter',
    adminPath: '/wp-admin/',
    domain: 'demo.localhost',
    primaryDomain: null,
    wishedDomain: null,
    port: 8001,
    uid: 200000,
    network: { subnet: '10.210.0.32/27' },
    images: {},
    versions: {},
    error: null,
    inMaintenance: false,
    suspension: null,
    deletion: null,
    createdAt: new Date('2026-01-01T00:00:00.000Z'),
    activeAt: null,
    ...changes,
  };
}

/** A running run whose journal says that of each step. */
export function aRun(statusOf: (name: StepName) => StepStatus, kind: RunKind = 'provision'): Run {
  return {
    id: 'run_1',
    storeId: 'sto_1',
    kind,
    input: {},
    status: 'running',
    attempt: 1,
    steps: RUN_RULES[kind].steps.map((name) => ({
      name,
      status: statusOf(name),
      startedAt: null,
      finishedAt: null,
      error: null,
      logTail: null,
    })),
    error: null,
    createdAt: new Date(0),
    startedAt: null,
    finishedAt: null,
  };
}

const hostOf = (url: string): string => new URL(url).hostname;

/**
 * An in-memory machine with state: folders, sealed rows, containers whose database remembers the password it was made
 * with, routes, certificates, mail. Every effect is counted, and the process can be made to die before or after any one.
 */
export class FakeWorld {
  store: Store | undefined;
  readonly journal = new Map<StepName, StepStatus>();
  kind: RunKind = 'provision';
  input: RunInput = {};
  runId = 'run_1';
  runStatus: Run['status'] = 'queued';
  attempt = 1;
  fence = 0;
  holder: string | undefined;
  /** When the run that was let go is due again, where it was told. */
  nextAttemptAt: Date | undefined;
  failedWalks = 0;
  readonly directories = new Set<string>();
  readonly files = new Map<string, string>();
  readonly vaultRows = new Map<string, string>();
  /** Which run put a secret in the place of an earlier one. */
  readonly replacedBy = new Map<string, string>();
  /** What the database accepts: what stood in its file when it started, and what it was taught since. Empty: no volume. */
  accepted: readonly string[] = [];
  /** What the database's own look at its health comes with. */
  healthPassword: string | undefined;
  /** The server starts anew after each such effect, and goes by its file. */
  restartsAfter: string | undefined;
  /** Visitors whose request the database refused. */
  refusedVisits = 0;
  /** What the shop's own configuration says, for one that does not look at the file; `undefined` for one that does. */
  environment: string | undefined;
  /** How often something happened while the shop went by a password that its owner could not be shown. */
  unknownPasswords = 0;
  running = false;
  /** The shop that it takes over, made before it had an owner: as it was made, or changed since. */
  waiting: 'as it was made' | 'changed' | undefined;
  /** How often it was restarted, and for a wish of when. */
  restarts = 0;
  restartedSince = -1;
  linesOfRestarts: readonly string[] = [];
  /** The plan whose limits the containers have. */
  limits = 'starter';
  installed: { url: string; title: string; adminPassword: string } | undefined;
  /** Its database: the host that it names, and how many orders are in it. And copies of that. */
  shopAt = 'demo.localhost';
  orders = 0;
  readonly copies = new Map<string, { readonly shopAt: string; readonly orders: number }>();
  /** How many orders customers have been thanked for: one whenever something happens and the door is open. */
  ordersTaken = 0;
  /** A program that a worker which is gone has left behind in the shop: it writes its host at its end. */
  leftBehind: { readonly host: string; readonly refusals: number } | undefined;
  /** Its database was put back while that program was at it. */
  isTorn = false;
  /** How the shop is set, and how it is said to be. */
  timezone = 'UTC';
  settingsKnown: string | undefined;
  /** What one request may take: as it is kept, in the file, by which the running PHP goes, and on the store's page. */
  phpKept: PhpLimits | undefined;
  phpFile: PhpLimits | undefined;
  phpHeld: PhpLimits = USUAL_PHP_LIMITS.wordpress;
  phpKnown: PhpLimits = USUAL_PHP_LIMITS.wordpress;
  phpLoweredBy: string | undefined;
  /** Its image has the program for it. */
  knowsPhpLimits = true;
  /** What the edge lets through, in megabytes. */
  phpServed: number | undefined;
  addressChange: { readonly runId: string; readonly stage: AddressChangeStage } | undefined;
  /** Its containers run, and answer every visitor with an error. */
  isShopDead = false;
  /** Others come first where CPU is short. */
  isHeldBack = false;
  readonly routes = new Map<string, string>();
  readonly served = new Map<string, string>();
  readonly certificates = new Set<string>();
  /** The edge knows something of the shop's pages. */
  isCached = false;
  /** What the ledger says of passwords that were changed. */
  readonly linesOfPasswords: string[] = [];
  /** Queued mails by their key, as JSON. */
  readonly mails = new Map<string, string>();
  /** Effects that fail for good, whenever they are tried. */
  readonly broken = new Map<string, Error>();
  /** Images as the catalogue has them today; a repair must not pick up a newer one. */
  newestImage = 'sha256:one';

  effects: string[] = [];
  #made = 0;
  #orders = 0;
  #crash: { at: number; when: 'before' | 'after' } | undefined;
  #dead = false;
  readonly failures: { effect: string; error: Error }[] = [];

  constructor(store: Store = aStore()) {
    this.store = store;
    for (const name of STEP_NAMES) this.journal.set(name, 'waiting');
  }

  /** A new process on the same machine. `crash` kills it at its nth effect. */
  boot(crash?: { at: number; when: 'before' | 'after' }): void {
    this.#dead = false;
    this.#made = 0;
    this.#crash = crash;
    this.effects = [];
    this.holder = undefined;
  }

  /** Starts a run of the kind, as the repositories would. */
  order(kind: RunKind, input: RunInput = {}): void {
    this.kind = kind;
    this.input = input;
    this.runId = `run_${(this.#orders += 1)}`;
    this.runStatus = 'queued';
    this.failedWalks = 0;
    this.journal.clear();
    for (const name of RUN_RULES[kind].steps) this.journal.set(name, 'waiting');
    if (kind === 'change-address') this.addressChange = { runId: this.runId, stage: 'forward' };
    if (kind === 'teardown' && this.store) this.store = { ...this.store, status: 'deleting' };
  }

  /** A shop that nobody had yet is the store's from its order on: folders, secrets and containers are there. */
  takeOver(waiting: 'as it was made' | 'changed'): void {
    this.waiting = waiting;
    this.files.set('secrets', SECRET_OF_THE_POOL).set('compose.yml', '');
    this.phpHeld = USUAL_PHP_LIMITS.wordpress;
    this.startDatabase();
    this.running = true;
  }

  /** The run that is under way waits. What is given back has it be the one again, as it was left. */
  park(): () => void {
    const { kind, input, runId, runStatus, failedWalks } = this;
    const journal = [...this.journal];
    return () => {
      Object.assign(this, { kind, input, runId, runStatus, failedWalks });
      this.journal.clear();
      for (const [step, status] of journal) this.journal.set(step, status);
    };
  }

  /** As a retry by hand does: the same run goes on where it stopped. */
  retry(): void {
    this.attempt += 1;
    this.runStatus = 'queued';
  }

  /** Everything that should be equal after a clean run and after a crashed and resumed one. */
  snapshot(): unknown {
    const { store, directories, files, accepted, running, installed, routes, served, certificates, mails } = this;
    const passwords = [...this.vaultRows.keys()].sort();
    const { healthPassword, vaultRows } = this;
    const password = vaultRows.get('db-password');
    const environment = this.environment ?? password;
    const consistent =
      (installed === undefined || accepted.length === 1) &&
      accepted.every((one) => [password, healthPassword, environment, files.get('secrets')].every((is) => is === one));
    return {
      status: store?.status ?? 'gone',
      plan: store?.plan,
      primary: store?.primaryDomain,
      shopAt: this.shopAt,
      copies: [...this.copies.values()],
      isTorn: this.isTorn,
      ordersLost: this.ordersTaken - this.orders,
      addressChange: this.addressChange?.stage,
      limits: this.limits,
      timezone: store && [this.timezone, this.settingsKnown],
      php: store && [this.phpKept, this.phpFile, this.phpHeld, this.phpKnown, this.phpServed],
      suspension: store?.suspension,
      deletion: store?.deletion,
      images: store?.images,
      isCached: this.isCached,
      directories: [...directories].sort(),
      files: [...files.keys()].sort(),
      passwords,
      consistent,
      refusedVisits: this.refusedVisits,
      unknownPasswords: this.unknownPasswords,
      running,
      isHeldBack: running && this.isHeldBack,
      restarts: [this.restarts, this.linesOfRestarts],
      installed: installed && { url: installed.url, title: installed.title },
      adminCanSignIn: installed === undefined || installed.adminPassword === vaultRows.get('admin-password'),
      adminIsShown:
        (JSON.parse(vaultRows.get('admin-credentials') ?? '{}') as { password?: string }).password ===
        vaultRows.get('admin-password'),
      linesOfPasswords: this.linesOfPasswords,
      routes: [...routes].sort(),
      served: [...served].sort(),
      certificates: [...certificates].sort(),
      mails: [...mails.keys()].sort(),
    };
  }

  async #effect<T>(name: string, act: () => T): Promise<T> {
    if (this.#dead) throw new Crash();
    this.#made += 1;
    const dying = this.#crash?.at === this.#made ? this.#crash.when : undefined;
    if (dying === 'before') return this.#die();
    const failure = this.failures.findIndex((candidate) => candidate.effect === name);
    if (failure >= 0) throw this.failures.splice(failure, 1)[0]?.error ?? new Error(name);
    const broken = this.broken.get(name);
    if (broken !== undefined) throw broken;
    const result = act();
    this.effects.push(name);
    if (name === this.restartsAfter) this.startDatabase();
    this.#visit();
    this.#lookForPasswords();
    if (dying === 'after') return this.#die();
    return result;
  }

  /** Somebody orders something, wherever a door leads to the shop. */
  #visit(): void {
    if (!this.running || ![...this.served.values()].some((route) => route.endsWith('live'))) return;
    this.orders += 1;
    this.ordersTaken += 1;
    const password = this.environment ?? this.files.get('secrets');
    if (password === undefined || !this.accepted.includes(password)) this.refusedVisits += 1;
  }

  #lookForPasswords(): void {
    if (this.installed === undefined || this.vaultRows.size === 0) return;
    const shown = [this.vaultRows.get('admin-password'), this.vaultRows.get('admin-password-next')];
    if (!shown.includes(this.installed.adminPassword)) this.unknownPasswords += 1;
  }

  /** It goes by its file, whatever it was taught before. */
  startDatabase(): void {
    const password = this.files.get('secrets');
    this.accepted = password === undefined ? [] : [password];
    this.healthPassword = password;
  }

  /** A shop's programs wait for each other, and give up when it takes too long. */
  #inShop(name: string, act: () => void): Promise<void> {
    return this.#effect(name, () => {
      if (this.leftBehind === undefined) return act();
      const { host, refusals } = this.leftBehind;
      if (refusals > 0) {
        this.leftBehind = { host, refusals: refusals - 1 };
        throw new ShopBusyError('found another command at work and gave up waiting');
      }
      this.leftBehind = undefined;
      this.shopAt = host;
      act();
    });
  }

  #probeAnswer(hostname: string): void {
    const { domain, primaryDomain } = this.#store();
    if (!this.served.get(hostname)?.endsWith('live')) throw new Error('not served');
    // Elsewhere the edge sends visitors on by itself, whatever the shop is like.
    if (this.isShopDead && hostname === (primaryDomain ?? domain)) throw new Error('the shop does not answer');
  }

  #hold(name: string): void {
    const { shopAt, orders } = this;
    if (!this.copies.has(name)) this.copies.set(name, { shopAt, orders });
  }

  #putBack(name: string): void {
    const copy = this.copies.get(name);
    if (copy === undefined) return;
    this.isTorn ||= this.leftBehind !== undefined;
    this.shopAt = copy.shopAt;
    this.orders = copy.orders;
  }

  #die(): never {
    this.#dead = true;
    throw new Crash();
  }

  #guarded<T>(lease: Lease, name: string, act: () => T): Promise<T> {
    return this.#effect(name, () => {
      if (this.store === undefined || lease.fence !== this.fence) throw new LeaseLostError(lease.storeId, lease.fence);
      return act();
    });
  }

  #install({ url, title, adminPassword }: InstallInput) {
    if (!this.accepted.includes(this.files.get('secrets') ?? '')) throw new Error('access denied for user shop');
    this.installed ??= { url, title, adminPassword };
    return { versions: { wordpress: '7.1.4' }, settings: this.#settings() };
  }

  #settings(): ShopSettings {
    const { title } = this.#store();
    return {
      title,
      timezone: this.timezone,
      locale: 'en_US',
      country: null,
      currency: null,
      maintenance: null,
      locales: ['en_US'],
      php: { ...this.phpHeld, phpWorkers: 5 },
    };
  }

  #store(): Store {
    if (this.store === undefined) throw new Error('the store is gone');
    return this.store;
  }

  #record(lease: Lease, name: string, changes: Partial<Store>): Promise<void> {
    return this.#guarded(lease, name, () => {
      this.store = { ...this.#store(), ...changes };
    });
  }

  #mark(lease: Lease, step: StepName, status: StepStatus, next?: StepName): Promise<void> {
    return this.#guarded(lease, `journal ${step} ${status}`, () => {
      this.journal.set(step, status);
      if (next !== undefined) this.journal.set(next, 'running');
    });
  }

  readonly journalPort: Journal & RunPerformerDeps['journal'] = {
    stepStarted: (lease, step) => this.#mark(lease, step, 'running'),
    stepDone: (lease, step, _tail, next) => this.#mark(lease, step, 'done', next),
    stepFailed: async (lease, step, _error, _tail, { willRetry }) => {
      await this.#mark(lease, step, willRetry ? 'waiting' : 'failed');
      if (!willRetry) this.failedWalks += 1;
    },
    stepUndone: (lease, step) => this.#mark(lease, step, 'waiting'),
    runDone: (lease) => this.#guarded(lease, 'run done', () => void (this.runStatus = 'done')),
    runFailed: (lease) => this.#guarded(lease, 'run failed', () => void (this.runStatus = 'failed')),
  };

  /** What the performer needs besides the runner. */
  readonly performerPort: Omit<
    RunPerformerDeps,
    'runner' | 'journal' | 'owner' | 'emptyPages' | 'announce' | 'orderCertificate' | 'tellOwner' | 'now' | 'log'
  > = {
    leases: {
      claim: ({ runId, owner }) =>
        this.#effect('claim', () => {
          if (this.store === undefined || this.holder !== undefined) return undefined;
          if (this.runStatus === 'done' || this.runStatus === 'failed') return undefined;
          this.fence += 1;
          this.holder = owner;
          this.runStatus = 'running';
          return { storeId: this.store.id, runId, owner, fence: this.fence };
        }),
      renew: async (lease) => lease.fence === this.fence,
      release: (_lease, next) =>
        this.#effect('release', () => {
          this.holder = undefined;
          this.nextAttemptAt = next?.nextAttemptAt;
        }),
    },
    runs: {
      countFailures: async () => this.failedWalks,
      get: async (runId) => ({
        ...aRun((name) => this.journal.get(name) ?? 'waiting', this.kind),
        id: runId,
        storeId: this.#store().id,
        input: this.input,
        status: this.runStatus,
        attempt: this.attempt,
      }),
    },
    stores: {
      get: async () => this.#store(),
      beginProvisioning: (lease) => {
        // Guarded, as the real one: a store that is active already (a crash before the run was marked) stays so.
        const begins = this.store?.status === 'pending' || this.store?.status === 'failed';
        return this.#record(lease, 'provisioning', begins ? { status: 'provisioning', error: null } : {});
      },
      fail: (lease, error: StoreError) => {
        const status = this.#store().status === 'provisioning' ? 'failed' : this.#store().status;
        return this.#record(lease, 'fail', { status, error });
      },
      remove: (lease) =>
        this.#guarded(lease, 'row removed', () => {
          this.store = undefined;
          this.mails.clear();
        }),
    },
  };

  readonly emptyPages: RunPerformerDeps['emptyPages'] = () =>
    this.#effect('pages emptied', () => void (this.isCached = true));

  /** As the real one: never closes a door that is open. */
  readonly announce: RunPerformerDeps['announce'] = (lease, store, state) =>
    this.#guarded(lease, `announce ${state}`, () => {
      if (this.routes.get(store.domain)?.endsWith('live')) return;
      this.routes.set(store.domain, `${store.port} ${state}`);
    });

  readonly outbox: PipelineDeps['outbox'] = {
    enqueue: (mail, lease) =>
      this.#guarded(lease, `mail ${mail.kind}`, () => {
        if (!this.mails.has(mail.uniqueKey)) this.mails.set(mail.uniqueKey, JSON.stringify(mail));
      }),
  };

  readonly containers: StoreContainers = {
    create: () => this.#effect('containers created', () => undefined),
    ensureRunning: async () => {
      await this.#effect('database initialised', () => {
        if (this.running) return;
        this.startDatabase();
        if (this.environment !== undefined) this.environment = this.files.get('secrets');
      });
      await this.#effect('containers running', () => {
        if (!this.running) this.phpHeld = this.phpFile ?? USUAL_PHP_LIMITS.wordpress;
        if (!this.running) this.isHeldBack = this.store?.status === 'provisioning';
        this.running = true;
      });
    },
    giveFullWeight: () => this.#effect('full weight', () => void (this.isHeldBack = false)),
    stop: () => this.#effect('containers stopped', () => void (this.running = false)),
    remove: async () => {
      await this.#effect('containers removed', () => void (this.running = false));
      await this.#effect('volumes removed', () => {
        this.accepted = [];
        this.installed = undefined;
      });
    },
  };

  /** What changes need; `startContainers` is the pipeline's own. */
  changeDeps(startContainers: Step): ChangeDeps {
    const { edge } = this.pipelineDeps(() => 'none');
    const mark =
      (name: string, change: (store: Store, run: Run, now: Date) => Partial<Store>): Mark =>
      (lease, run, now) =>
        this.#guarded(lease, name, () => {
          this.store = { ...this.#store(), ...change(this.#store(), run, now) };
        });
    return {
      startContainers,
      containers: {
        ...this.containers,
        restart: (_store, since) =>
          this.#effect('containers restarted', () => {
            if (this.restartedSince >= since.getTime()) return;
            this.restartedSince = since.getTime();
            this.restarts += 1;
            this.startDatabase();
            if (this.environment !== undefined) this.environment = this.files.get('secrets');
            this.phpHeld = this.phpFile ?? USUAL_PHP_LIMITS.wordpress;
          }),
        applyLimits: (_store, { name }) => this.#effect(`limits of ${name}`, () => void (this.limits = name)),
        memoryInUse: () => this.#effect('memory looked at', () => []),
      },
      plans: { get: async (name) => ({ ...A_PLAN, name, memoryMb: name === 'tiny' ? 512 : A_PLAN.memoryMb }) },
      stores: { get: async () => this.#store() },
      measureDisk: async () => 0,
      edge,
      shop: {
        configure: (_store, wish) =>
          this.#effect('shop set', () => {
            this.timezone = wish.timezone ?? this.timezone;
            return this.#settings();
          }),
        applyPhpLimits: () =>
          this.#effect('php reloaded', () => {
            if (!this.knowsPhpLimits) return undefined;
            this.phpHeld = this.phpFile ?? USUAL_PHP_LIMITS.wordpress;
            return { ...this.phpHeld, phpWorkers: 5 };
          }),
      },
      settings: {
        record: (lease, _run, settings) =>
          this.#guarded(lease, 'settings recorded', () => {
            this.settingsKnown = settings.timezone;
            this.phpKnown = settings.php ?? this.phpKnown;
          }),
        notePhp: (lease, held) => this.#guarded(lease, 'php noted', () => void (this.phpKnown = held)),
      },
      phpLimits: {
        ...this.#phpLimits,
        known: {
          ...this.#phpLimits.known,
          record: (lease, limits) => this.#guarded(lease, 'php recorded', () => void (this.phpKept = limits)),
          lower: (lease, { limits: most }) =>
            this.#guarded(lease, 'php lowered', () => {
              if (this.phpKept === undefined) return { limits: undefined, isLowered: false };
              const limits = withinPhpLimits(this.phpKept, most);
              if (JSON.stringify(limits) !== JSON.stringify(this.phpKept)) this.phpLoweredBy = lease.runId;
              this.phpKept = limits;
              return { limits, isLowered: this.phpLoweredBy === lease.runId };
            }),
        },
      },
      address: {
        snapshots: {
          take: (_store, name) => this.#effect('snapshot', () => this.#hold(name)),
          putBack: (_store, name) => this.#effect('snapshot put back', () => this.#putBack(name)),
          drop: (_store, name) => this.#effect('snapshot dropped', () => void this.copies.delete(name)),
        },
        shop: {
          changeUrl: (_store, { to }) => this.#inShop('addresses rewritten', () => void (this.shopAt = hostOf(to))),
          setUrl: (_store, url) => this.#inShop('address set', () => void (this.shopAt = hostOf(url))),
          answersAs: (_store, hostname) =>
            this.#effect('asked as visitor', () => {
              if (this.shopAt !== hostname) throw new Error('sends visitors elsewhere');
            }),
        },
        addresses: {
          stageOf: async ({ runId }) => (this.addressChange?.runId === runId ? this.addressChange.stage : 'over'),
          setStage: (lease, stage) =>
            this.#guarded(lease, `change is ${stage}`, () => {
              if (this.addressChange?.runId !== lease.runId) throw new LeaseLostError(lease.storeId, lease.fence);
              this.addressChange = { runId: lease.runId, stage };
            }),
          setPrimary: (lease, hostname) =>
            this.#guarded(lease, `primary ${hostname}`, () => {
              const store = this.#store();
              this.store = { ...store, primaryDomain: hostname === store.domain ? null : hostname };
              this.routes.set(hostname, this.routes.get(store.domain) ?? `${store.port} making`);
              this.certificates.add(hostname);
            }),
          finish: (lease) =>
            this.#guarded(lease, 'change finished', () => {
              if (this.addressChange?.runId === lease.runId) this.addressChange = undefined;
            }),
        },
        edge: {
          apply: edge.apply,
          probeClosed: async (hostname) => {
            if (!this.served.get(hostname)?.endsWith('making')) throw new Error('not closed');
          },
        },
        addressOf: (hostname) => `https://${hostname}/`,
      },
      rotation: {
        vault: this.#vault(),
        makers: { 'admin-password': () => `secret-${this.fence}`, 'db-password': () => `secret-${this.fence}` },
        secretFiles: this.#secretFiles,
        mountedSecretsOf: () => ['db-password', 'db-root-password'],
        database: {
          acceptBoth: (_store, { before, next }) =>
            this.#effect('both accepted', () => void (this.accepted = [before, next])),
          acceptOnly: (_store, password) => this.#effect('one accepted', () => void (this.accepted = [password])),
          checkHealthWith: (_store, password) =>
            this.#effect('health checked anew', () => void (this.healthPassword = password)),
        },
        shop: {
          resetAdmin: (_store, { password }) =>
            this.#effect('administrator reset', () => {
              if (this.installed) this.installed = { ...this.installed, adminPassword: password };
            }),
          revokeAdminLinks: () => this.#effect('links revoked', () => undefined),
          readSecrets: () =>
            this.#effect('secrets read', () => {
              if (this.environment !== undefined) this.environment = this.files.get('secrets');
            }),
        },
        graceMs: 0,
      },
      routes: {
        setState: (lease, state) =>
          this.#guarded(lease, `route ${state}`, () => {
            for (const [host, route] of this.routes) this.routes.set(host, `${route.split(' ')[0]} ${state}`);
          }),
      },
      outbox: this.outbox,
      links: { pageOf: ({ id }) => `https://localhost/stores/${id}`, urlOf: ({ domain }) => `https://${domain}/` },
      marks: {
        suspended: mark('suspended', (store, { input }, at) => ({
          status: 'suspended',
          suspension: store.suspension ?? {
            by: input['by'] === 'operator' ? 'operator' : 'owner',
            reason: input['reason'] ?? '',
            text: input['text'] ?? null,
            at,
          },
        })),
        plan: mark('plan', ({ plan }, { input }) => ({ plan: input['plan'] ?? plan })),
        restarted: (lease, { id }) =>
          this.#guarded(lease, 'restart recorded', () => {
            this.linesOfRestarts = [...new Set([...this.linesOfRestarts, id])];
          }),
        resumed: mark('resumed', () => ({ status: 'active', suspension: null })),
        forDeletion: mark('marked for deletion', (store, _run, at) => {
          const { status, deletion } = store;
          if (deletion !== null) return {};
          const previousStatus = status === 'suspended' || status === 'failed' ? status : 'active';
          return { status: 'deletion-scheduled', deletion: { previousStatus, at, dueAt: at } };
        }),
        kept: mark('kept', ({ deletion, status }) => ({ status: deletion?.previousStatus ?? status, deletion: null })),
      },
      now: () => new Date('2026-01-02T00:00:00.000Z'),
    };
  }

  readonly #phpLimits: PipelineDeps['phpLimits'] = {
    known: { find: async () => this.phpKept },
    files: { write: (_store, limits) => this.#effect('php file', () => void (this.phpFile = limits)) },
  };

  readonly #secretFiles: PipelineDeps['secretFiles'] = {
    read: async (_store, name) => (name === 'db-password' ? this.files.get('secrets') : undefined),
    write: (_store, secrets, kept = []) =>
      this.#effect('secret files', () => {
        if (kept.includes('db-password') && this.files.has('secrets')) return;
        this.files.set('secrets', secrets['db-password'] ?? '');
      }),
    remove: () => this.#effect('remove secret files', () => void this.files.delete('secrets')),
  };

  #vault(): PipelineDeps['vault'] & RotationDeps['vault'] {
    const getOrMake = (name: string, made: string): string => {
      const known = this.vaultRows.get(name) ?? made;
      this.vaultRows.set(name, known);
      return known;
    };
    return {
      getOrCreate: async ({ makers }, lease) => {
        const made = new Map<string, string>();
        for (const [name, make] of Object.entries<() => string | Promise<string>>(makers)) {
          made.set(name, this.vaultRows.get(name) ?? (await make()));
        }
        return this.#guarded(
          lease,
          'vault',
          () => Object.fromEntries([...made].map(([name, clear]) => [name, getOrMake(name, clear)])) as never,
        );
      },
      read: async (_storeId, name) => this.vaultRows.get(name),
      wipe: (lease) => this.#guarded(lease, 'wipe vault', () => this.vaultRows.clear()),
      nextOf: (name, make, lease) =>
        this.#guarded(lease, `vault next ${name}`, () =>
          this.replacedBy.get(name) === lease.runId ? undefined : getOrMake(`${name}-next`, make()),
        ),
      replace: (name, { action }, lease) =>
        this.#guarded(lease, `vault replace ${name}`, () => {
          const next = this.vaultRows.get(`${name}-next`);
          if (next === undefined) return;
          this.vaultRows.delete(`${name}-next`);
          this.vaultRows.set(name, next);
          this.replacedBy.set(name, lease.runId);
          this.linesOfPasswords.push(action);
          const shown = this.vaultRows.get('admin-credentials');
          if (name === 'admin-password' && shown !== undefined) {
            this.vaultRows.set('admin-credentials', JSON.stringify({ ...JSON.parse(shown), password: next }));
          }
        }),
    };
  }

  /** What the ten steps need. `fresh` makes every new password a different one. */
  pipelineDeps(fresh: () => string): PipelineDeps {
    return {
      directories: {
        ensure: (store, folders) =>
          this.#effect('directories', () =>
            folders.forEach((folder) => void this.directories.add(`${store.id}/${folder}`)),
          ),
        remove: () => this.#effect('remove directories', () => this.directories.clear()),
      },
      vault: this.#vault(),
      secretFiles: this.#secretFiles,
      makers: {
        'db-root-password': fresh,
        'db-password': fresh,
        'application-salts': fresh,
        'application-key': fresh,
        'queue-password': fresh,
        'admin-password': fresh,
      },
      chooseParts: async () => ({ images: { web: this.newestImage }, versions: {} }),
      composeFiles: {
        write: (store) =>
          this.#effect('compose file', () => void this.files.set('compose.yml', JSON.stringify(store.images))),
        remove: () => this.#effect('remove compose file', () => void this.files.delete('compose.yml')),
      },
      containers: this.containers,
      phpLimits: this.#phpLimits,
      panels: { remove: () => this.#effect('remove panel', () => undefined) },
      takenOver: {
        mark: (store) => this.#effect('marked as taken', () => void this.directories.add(`${store.id}/taken`)),
        dropIfChanged: async (store, signal) => {
          if (this.waiting !== 'changed' || this.directories.has(`${store.id}/taken`)) return;
          await this.containers.remove(store, signal);
          await this.#effect('folders removed', () => {
            this.files.clear();
            this.directories.clear();
          });
          await this.#effect('row forgotten', () => void (this.waiting = undefined));
        },
      },
      snapshots: { lay: async () => undefined },
      installer: {
        // Of a shop that waited, and once: afterwards it is somebody's.
        handOver: async (_store, _page, given) =>
          this.waiting === 'as it was made' && this.installed === undefined
            ? this.#effect('shop handed over', () => this.#install(given as InstallInput))
            : undefined,
        run: (_store, _command, given) =>
          this.#effect('application installed', () => this.#install(given as InstallInput)),
      },
      routes: {
        put: (lease, route) =>
          this.#guarded(lease, 'route', () => void this.routes.set(route.hostname, `${route.port} ${route.state}`)),
        remove: (lease) => this.#guarded(lease, 'remove route', () => this.routes.clear()),
      },
      edge: {
        apply: () =>
          this.#effect('edge', () => {
            this.served.clear();
            for (const [host, route] of this.routes) this.served.set(host, route);
            this.phpServed = this.phpKept?.phpUpload;
            return { refused: [] };
          }),
        open: ({ hostname, port }) =>
          this.#effect('edge opened', () => {
            this.served.set(hostname, `${port} live`);
            return { refused: [] };
          }),
        probe: async (hostname) => {
          if (!this.certificates.has(hostname)) throw new Error('no certificate');
          this.#probeAnswer(hostname);
        },
        probeAnswer: async (hostname) => this.#probeAnswer(hostname),
      },
      keptPages: {
        begin: () => this.#effect('pages begun', () => void (this.isCached = true)),
        forget: () => this.#effect('pages forgotten', () => void (this.isCached = false)),
      },
      certificates: {
        ensure: (hostname) =>
          this.#effect('certificate', () => {
            const changed = !this.certificates.has(hostname);
            this.certificates.add(hostname);
            return { changed };
          }),
        remove: (hostname) => this.#effect('remove certificate', () => void this.certificates.delete(hostname)),
      },
      ownNames: async () => [],
      outbox: this.outbox,
      stores: {
        get: async () => this.#store(),
        recordMade: (lease, parts: { images?: Store['images']; versions?: Store['versions'] }) =>
          this.#record(lease, 'parts recorded', {
            images: { ...this.#store().images, ...parts.images },
            versions: { ...this.#store().versions, ...parts.versions },
          }),
        moveToAnotherPort: async (lease) => {
          await this.#record(lease, 'port moved', { port: this.#store().port + 1 });
          return this.#store();
        },
        activate: (lease, now) => this.#record(lease, 'activated', { status: 'active', activeAt: now, error: null }),
      },
      stackOf: () => FAKE_STACK,
      urlOf: (store) => `https://${store.domain}/`,
      settings: {
        note: (lease, settings) =>
          this.#guarded(lease, 'settings noted', () => {
            this.settingsKnown = settings.timezone;
            this.phpKnown = settings.php ?? this.phpKnown;
          }),
      },
      shopDefaults: { country: 'DE', currency: 'EUR', timezone: 'UTC', locale: 'en_US' },
      mailFactsOf: ({ domain, title }) => ({
        title,
        url: `https://${domain}/`,
        adminUrl: `https://${domain}/wp-admin/`,
        username: 'shopowner',
        dashboardUrl: 'https://localhost/dashboard',
      }),
      now: () => new Date('2026-01-01T00:00:10.000Z'),
    };
  }
}
