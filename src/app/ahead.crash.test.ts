import { describe, expect, test } from 'vitest';
import { Crash } from '../../test/fakes/fake-world.ts';
import { goldenKeyOf } from '../domain/golden-snapshot.ts';
import type { MemberParts, PoolMember } from '../domain/pool-member.ts';
import { newId } from '../lib/new-id.ts';
import { MINUTE } from '../lib/time.ts';
import { createPoolKeeper } from '../monitoring/keep-pool.ts';
import { stackOf } from '../stacks/index.ts';
import { RECIPE_KEY, recipeOf } from '../stacks/recipe.ts';
import type { Adapters } from './adapters.ts';
import { createAhead } from './ahead.ts';

const WISHED = 2;
const COMPOSE_FILE = Buffer.from('services: {}');
const RECIPE = { [RECIPE_KEY]: recipeOf(stackOf('wordpress'), COMPOSE_FILE) };
const TODAY = `sha256:${'a'.repeat(64)}`;
const TOMORROW = `sha256:${'b'.repeat(64)}`;
const ENOUGH_ROUNDS = 12;
const FIRST_UID = 200_000;
const never = new AbortController().signal;

interface Row extends Omit<PoolMember, 'isForsaken'> {
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
class Machine {
  image = TODAY;
  now = 0;
  readonly rows = new Map<string, Row>();
  readonly stores = new Set<string>();
  readonly containers = new Set<string>();
  /** Of those, the ones that have ever run. */
  readonly started = new Set<string>();
  readonly folders = new Set<string>();
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

  #owned(id: string, owner: string, facts: Partial<Row>): boolean {
    const row = this.rows.get(id);
    if (row?.status !== 'making' || row.owner !== owner) return false;
    this.rows.set(id, { ...row, ...facts });
    return true;
  }

  readonly members = {
    begin: (wish: Pick<Row, 'purpose' | 'platform' | 'plan'> & { owner: string; leaseMs: number }) =>
      this.#effect('row begun', () => {
        const uid = (this.#uid += 1);
        const number = uid - FIRST_UID;
        const row: Row = {
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
    get: (id: string) => this.#read(() => this.#present(this.rows.get(id) as Row)),
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
    forget: (id: string) =>
      this.#effect('row forgotten', () => {
        const status = this.rows.get(id)?.status;
        if (status === 'claimed' || status === 'leaving') this.rows.delete(id);
      }),
  };

  #present(row: Row): PoolMember {
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
    const config = {
      baseDomain: 'localhost',
      customersDir: '/nonexistent',
      usesSnapshots: true,
      optionalServices: {},
      ports: { start: 8001, end: 8100, max: 8100, reserved: [] },
      storeSubnets: '10.210.0.0/16',
      storeUids: { start: FIRST_UID, end: FIRST_UID + 999 },
    };
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
        config,
        containers,
        repositories: { poolMembers: this.members, plans: { list: async () => [] } },
        directories: {
          ensure: ({ id }: { id: string }) => this.#effect('folders made', () => this.folders.add(id)),
          remove: ({ id }: { id: string }) => this.#effect('folders removed', () => this.folders.delete(id)),
        },
        golden: this.golden,
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

const fine = (stores: number, snapshots: readonly string[]): object => ({
  ready: WISHED,
  others: [],
  stores,
  lostContainers: [],
  lostFolders: [],
  orphans: [],
  snapshots: [...snapshots].toSorted(),
  areApart: true,
  ofToday: true,
});

/** From what a round begins, and what is there in the end. */
const BEGINNINGS: Readonly<Record<string, (machine: Machine) => Promise<void>>> = {
  'on a machine with nothing': async () => undefined,
  'with a snapshot and one that waits': async (machine) => {
    await machine.settle();
    machine.order();
    for (const id of machine.stores) machine.rows.delete(id);
  },
  'when all was drained': async (machine) => {
    await machine.settle();
    for (const id of machine.rows.keys()) await machine.members.retire(id);
  },
  'when the images are other ones': async (machine) => {
    await machine.settle();
    machine.image = TOMORROW;
  },
  'when one that waits has lost its containers': async (machine) => {
    await machine.settle();
    machine.containers.delete([...machine.rows.keys()][0] ?? '');
  },
};

/** Rounds of one that is not killed. */
async function rounds(machine: Machine, count: number): Promise<void> {
  const round = machine.worker('first');
  for (let turn = 0; turn < count; turn += 1) await round();
}

async function begun(beginning: (machine: Machine) => Promise<void>): Promise<Machine> {
  const machine = new Machine();
  await beginning(machine);
  return machine;
}

const ROUNDS = 4;

describe.each(Object.entries(BEGINNINGS))('looking after the pool %s', (_, beginning) => {
  test.each(['kill', 'order'] as const)('is fine in the end whatever moment a %s comes at', async (what) => {
    const clean = await begun(beginning);
    clean.boot();
    await rounds(clean, ROUNDS);
    const { effects } = clean;
    await clean.settle();
    expect(clean.look()).toEqual(fine(clean.stores.size, [...clean.snapshots.keys()]));
    expect(clean.snapshots.has(clean.key)).toBe(true);
    expect(effects.length).toBeGreaterThan(8);

    let orders = 0;
    for (let at = 1; at <= effects.length; at += 1) {
      for (const when of ['before', 'after'] as const) {
        const machine = await begun(beginning);
        const before = machine.stores.size;
        machine.boot({ at, when, what });
        await rounds(machine, ROUNDS).catch((thrown: unknown) => expect(thrown).toBeInstanceOf(Crash));
        orders += machine.stores.size - before;
        await machine.settle();
        expect(machine.look(), `${what} ${when} ${effects[at - 1]} (${at})`).toEqual(
          fine(machine.stores.size, [...clean.snapshots.keys()]),
        );
      }
    }
    expect(orders > 0).toBe(what === 'order');
  });
});
