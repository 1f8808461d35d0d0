import type { Adapters } from '../../src/app/adapters.ts';
import { createAhead } from '../../src/app/ahead.ts';
import { goldenKeyOf } from '../../src/domain/golden-snapshot.ts';
import type { MemberParts, PoolMember } from '../../src/domain/pool-member.ts';
import { newId } from '../../src/lib/new-id.ts';
import { MINUTE } from '../../src/lib/time.ts';
import { createPoolKeeper } from '../../src/monitoring/keep-pool.ts';
import { stackOf } from '../../src/stacks/index.ts';
import { RECIPE_KEY, recipeOf } from '../../src/stacks/recipe.ts';
import { Crash } from './fake-world.ts';

export const WISHED = 2;
const COMPOSE_FILE = Buffer.from('services: {}');
const RECIPE = { [RECIPE_KEY]: recipeOf(stackOf('wordpress'), COMPOSE_FILE) };
const TODAY = `sha256:${'a'.repeat(64)}`;
export const TOMORROW = `sha256:${'b'.repeat(64)}`;
const ENOUGH_ROUNDS = 12;
const FIRST_UID = 200_000;
/** As much of the configuration as shops made ahead need. */
export const POOL_CONFIG = {
  baseDomain: 'localhost',
  customersDir: '/nonexistent',
  usesSnapshots: true,
  optionalServices: {},
  ports: { start: 8001, end: 8100, max: 8100, reserved: [] },
  storeSubnets: '10.210.0.0/16',
  storeUids: { start: FIRST_UID, end: FIRST_UID + 999 },
};
const never = new AbortController().signal;

export interface MemberRow extends Omit<PoolMember, 'isForsaken'> {
  owner: string | undefined;
  leaseUntil: number;
}

/** Where the one that works now is killed, or what somebody else does at that moment. */
interface Moment {
  readonly at: number;
  readonly when: 'before' | 'after';
  readonly what: 'kill' | 'order';
}

/** Database, engine and disk of a machine that outlives whoever works on it. */
export class PoolMachine {
  image = TODAY;
  now = 0;
  readonly rows = new Map<string, MemberRow>();
  readonly stores = new Set<string>();
  readonly containers = new Set<string>();
  /** Of those, the ones that have ever run. */
  readonly started = new Set<string>();
  readonly folders = new Set<string>();
  /** Of those, the ones that are marked as somebody's. */
  readonly taken = new Set<string>();
  readonly halves = new Set<string>();
  readonly snapshots = new Map<string, number>();
  effects: string[] = [];
  #moment: Moment | undefined;
  #isDead = false;
  #uid = FIRST_UID;

  get key(): string {
    return goldenKeyOf('wordpress', { web: this.image, db: this.image, cache: this.image, ...RECIPE });
  }

  boot(moment?: Moment): void {
    this.effects = [];
    this.#isDead = false;
    this.#moment = moment;
  }

  /** As `claimMember` does in the transaction of an order; `undefined` when none waits. */
  order(): string | undefined {
    const ready = [...this.rows.values()].find(({ status }) => status === 'ready');
    if (ready === undefined) return undefined;
    this.rows.set(ready.id, { ...ready, status: 'claimed' });
    this.stores.add(ready.id);
    this.taken.add(ready.id);
    // What it lacked by then its own run makes.
    this.containers.add(ready.id);
    return ready.id;
  }

  async #effect<T>(name: string, act: () => T): Promise<T> {
    if (this.#isDead) throw new Crash();
    this.effects.push(name);
    const moment = this.#moment?.at === this.effects.length ? this.#moment : undefined;
    if (moment?.when === 'before') this.#strike(moment);
    const done = act();
    if (moment?.when === 'after') this.#strike(moment);
    return done;
  }

  #strike({ what }: Moment): void {
    if (what === 'order') {
      this.order();
      return;
    }
    this.#isDead = true;
    throw new Crash();
  }

  #read<T>(look: () => T): Promise<T> {
    return this.#isDead ? Promise.reject(new Crash()) : Promise.resolve(look());
  }

  #owned(id: string, owner: string, facts: Partial<MemberRow>): boolean {
    const row = this.rows.get(id);
    if (row?.status !== 'making' || row.owner !== owner) return false;
    this.rows.set(id, { ...row, ...facts });
    return true;
  }

  readonly members = {
    begin: (wish: Pick<MemberRow, 'purpose' | 'platform' | 'plan'> & { owner: string; leaseMs: number }) =>
      this.#effect('row begun', () => {
        const uid = (this.#uid += 1);
        const number = uid - FIRST_UID;
        const row: MemberRow = {
          id: newId('sto'),
          purpose: wish.purpose,
          platform: wish.platform,
          plan: wish.plan,
          status: 'making',
          port: 8000 + number,
          subnet: `10.210.${number}.0/27`,
          uid,
          parts: undefined,
          fingerprint: undefined,
          createdAt: new Date(0),
          owner: wish.owner,
          leaseUntil: this.now + wish.leaseMs,
        };
        this.rows.set(row.id, row);
        return this.#present(row);
      }),
    list: () => this.#read(() => [...this.rows.values()].map((row) => this.#present(row))),
    get: (id: string) => this.#read(() => this.#present(this.rows.get(id) as MemberRow)),
    partsOf: (id: string) => this.#read(() => this.rows.get(id)?.parts),
    renew: async () => true,
    recordParts: (id: string, owner: string, made: Partial<MemberParts>) =>
      this.#effect('parts recorded', () => {
        const before = this.rows.get(id)?.parts;
        const images = { ...before?.images, ...made.images };
        return this.#owned(id, owner, { parts: { images, versions: { ...before?.versions, ...made.versions } } });
      }),
    enter: (id: string, owner: string, fingerprint: string) =>
      this.#effect('row ready', () => this.#owned(id, owner, { status: 'ready', owner: undefined, fingerprint })),
    retire: (id: string) =>
      this.#effect('row retired', () => {
        const row = this.rows.get(id);
        if (row === undefined || row.status === 'claimed') return false;
        this.rows.set(id, { ...row, status: 'leaving', owner: undefined });
        return true;
      }),
    setAside: (id: string) =>
      this.#effect('row set aside', () => {
        const row = this.rows.get(id);
        if (row === undefined || row.status === 'claimed' || row.status === 'aside') return false;
        this.rows.set(id, { ...row, status: 'aside', owner: undefined });
        return true;
      }),
    forget: (id: string) =>
      this.#effect('row forgotten', () => {
        const status = this.rows.get(id)?.status;
        if (status === 'claimed' || status === 'leaving') this.rows.delete(id);
      }),
  };

  #present(row: MemberRow): PoolMember {
    return { ...row, isForsaken: row.leaseUntil <= this.now };
  }

  readonly golden = {
    list: () =>
      this.#read(() =>
        [...this.snapshots].map(([key, at]) => ({
          key,
          platform: 'wordpress' as const,
          images: {},
          versions: {},
          madeAt: new Date(at),
          files: 1,
          bytes: 1,
        })),
      ),
    isWhole: (key: string) => this.#read(() => this.snapshots.has(key)),
    awaits: async () => true,
    lay: (_store: unknown, key: string) => this.#effect('snapshot laid', () => this.snapshots.has(key)),
    keep: async ({ id }: { id: string }, { key }: { key: string }) => {
      await this.#effect('snapshot half kept', () => this.halves.add(id));
      await this.#effect('snapshot kept', () => {
        this.halves.delete(id);
        this.snapshots.set(key, (this.now += 1));
      });
    },
    abandon: ({ id }: { id: string }) => this.#effect('half snapshot removed', () => this.halves.delete(id)),
    remove: (key: string) => this.#effect('snapshot removed', () => void this.snapshots.delete(key)),
  };

  /** All that somebody who looks after the pool needs, under a name of its own. */
  worker(owner: string): () => Promise<void> {
    const folder = (name: string) => ({ write: () => this.#effect(name, () => undefined) });
    const containers = {
      create: ({ id }: { id: string }) => this.#effect('containers created', () => this.containers.add(id)),
      ensureRunning: ({ id }: { id: string }) =>
        this.#effect('containers run', () => {
          this.containers.add(id);
          this.started.add(id);
        }),
      giveFullWeight: () => this.#effect('full weight', () => undefined),
      haveStarted: ({ id }: { id: string }) => this.#read(() => this.started.has(id)),
      identities: ({ id }: { id: string }) => this.#read(() => [id]),
      stop: () => this.#effect('containers stopped', () => undefined),
      remove: ({ id }: { id: string }) =>
        this.#effect('containers removed', () => {
          this.containers.delete(id);
          this.started.delete(id);
        }),
    };
    const ahead = createAhead(
      {
        config: POOL_CONFIG,
        containers,
        repositories: { poolMembers: this.members, plans: { list: async () => [] } },
        directories: {
          ensure: ({ id }: { id: string }) => this.#effect('folders made', () => this.folders.add(id)),
          remove: ({ id }: { id: string }) => this.#effect('folders removed', () => this.folders.delete(id)),
        },
        golden: this.golden,
        takenMarks: { isTaken: ({ id }: { id: string }) => this.#read(() => this.taken.has(id)) },
        secretFiles: { ...folder('secrets written'), read: async () => undefined },
        composeFiles: { ...folder('compose file written'), templateOf: async () => COMPOSE_FILE },
        phpLimitFiles: folder('limits written'),
        installer: { run: () => this.#effect('installed', () => ({ versions: { wordpress: '7' } })) },
        images: { idOf: async () => this.image },
        artifacts: { unpacked: async () => ({ path: '/applications/one', version: '1' }) },
        compiledCode: { find: async () => undefined, ensure: async () => undefined },
        docker: { listNetworks: async () => [] },
      } as unknown as Adapters,
      owner,
      () => this.#effect('page shown', () => undefined),
    );
    return createPoolKeeper({
      members: this.members,
      isBeingMade: async () => false,
      isTaken: ({ id }) => this.#read(() => this.taken.has(id)),
      onSetAside: () => undefined,
      isWhole: async ({ id }) => this.containers.has(id),
      keyOfToday: async () => this.key,
      wishes: async () => [{ platform: 'wordpress', plan: 'starter', size: WISHED }],
      isQuiet: async () => true,
      hasRoom: async () => true,
      platforms: ['wordpress'],
      snapshots: this.golden,
      buildSnapshot: async (platform) => void (await ahead.buildSnapshot(platform, never, () => undefined)),
      makeMember: (wish) => ahead.makeMember(wish, never),
      now: () => new Date(this.now),
      clear: ahead.clear,
      onError: () => undefined,
    });
  }

  /** Until nothing changes any more; whoever died is not heard of by then. */
  async settle(): Promise<void> {
    this.boot();
    this.now += MINUTE;
    const round = this.worker('next');
    for (let turn = 0; turn < ENOUGH_ROUNDS; turn += 1) {
      const before = this.effects.length;
      await round();
      if (this.effects.length === before) return;
    }
    throw new Error(`It does not come to rest: ${this.effects.join(', ')}`);
  }

  /** What there is, whatever its names are; and that nothing is there of which nobody knows. */
  look(): object {
    const known = [...this.stores, ...[...this.rows.values()].map(({ id }) => id)];
    const unique = (values: readonly unknown[]): boolean => new Set(values).size === values.length;
    const rows = [...this.rows.values()];
    return {
      ready: rows.filter(({ status }) => status === 'ready').length,
      others: rows.filter(({ status }) => status !== 'ready').map(({ status }) => status),
      stores: this.stores.size,
      lostContainers: known.filter((id) => !this.containers.has(id)),
      lostFolders: known.filter((id) => !this.folders.has(id)),
      orphans: [...this.containers, ...this.folders, ...this.halves].filter((id) => !known.includes(id)),
      snapshots: [...this.snapshots.keys()].toSorted(),
      areApart: [rows.map(({ port }) => port), rows.map(({ uid }) => uid), rows.map((r) => r.subnet)].every(unique),
      ofToday: rows.every(({ parts }) => parts?.images['web'] === this.image),
    };
  }
}
