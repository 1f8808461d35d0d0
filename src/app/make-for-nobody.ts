import { goldenKeyOf } from '../domain/golden-snapshot.ts';
import type { PoolMember } from '../domain/pool-member.ts';
import type { Store } from '../domain/store.ts';
import { keepWithinBounds } from '../provisioning/keep-within-bounds.ts';
import { createMakeAhead, storeAhead } from '../provisioning/make-ahead.ts';
import { createDirectory, type TakenOver } from '../provisioning/steps/create-directory.ts';
import { installForNobody } from '../provisioning/steps/install-for-nobody.ts';
import { issueSecrets } from '../provisioning/steps/issue-secrets.ts';
import { renderCompose, type StackParts } from '../provisioning/steps/render-compose.ts';
import { type Snapshots, startContainers } from '../provisioning/steps/start-containers.ts';
import type { Hold } from '../provisioning/while-renewed.ts';
import { stackOf } from '../stacks/index.ts';
import type { StackAhead } from '../stacks/stack.ts';
import type { Adapters } from './adapters.ts';
import { createPartsChooser } from './choose-parts.ts';
import { SECRET_MAKERS } from './secret-makers.ts';
import { boundsOf } from './store-facts.ts';

const NOTHING_TAKEN: TakenOver = { dropIfChanged: async () => undefined, mark: async () => undefined };

/** Makes a shop that is nobody's, from a snapshot where one is laid, by the steps of a store's making that need no owner. */
export function makerForNobody(
  adapters: Adapters,
  owner: string,
  snapshots: Snapshots,
): ReturnType<typeof createMakeAhead> {
  const { config, repositories, containers, directories } = adapters;
  const { poolMembers } = repositories;
  const stores = {
    recordMade: async ({ storeId }: { storeId: string }, made: Partial<StackParts>): Promise<void> => {
      await poolMembers.recordParts(storeId, owner, made);
    },
    get: async (id: string): Promise<Store> => storeAhead(await poolMembers.get(id), config.baseDomain),
    // Nobody waits for this one: another is made, with another port.
    moveToAnotherPort: (): Promise<Store> => Promise.reject(new Error('Its port is used by somebody else.')),
  };
  const stack = (store: Store) => stackOf(store.platform);
  const steps = [
    createDirectory({ takenOver: NOTHING_TAKEN, directories, stackOf: stack }),
    issueSecrets({
      // What a container mounts is in its files; the store that claims it takes it from there.
      vault: { getOrCreate: makeAll, read: async () => undefined, wipe: async () => undefined },
      files: adapters.secretFiles,
      makers: SECRET_MAKERS,
      stackOf: stack,
    }),
    renderCompose({ chooseParts: createPartsChooser(adapters), stores, files: adapters.composeFiles }),
    startContainers({
      snapshots,
      phpLimits: { known: { find: async () => undefined }, files: adapters.phpLimitFiles },
      containers,
      panels: { remove: async () => undefined },
      files: adapters.composeFiles,
      stores,
    }),
    installForNobody({ installer: adapters.installer, stackOf: stack, stores }),
  ];
  const { baseDomain } = config;
  return createMakeAhead({ steps: keepWithinBounds(steps, boundsOf(config)), members: poolMembers, owner, baseDomain });
}

/** Installs a shop as nobody's, stops it in good order and keeps it, to be copied. Returns the snapshot's key. */
export async function makeSnapshot(
  adapters: Adapters,
  { member, ahead, owner }: { readonly member: PoolMember; readonly ahead: StackAhead; readonly owner: string },
  hold: Hold,
  log: (line: string) => void,
): Promise<string> {
  const { config, repositories, containers, golden } = adapters;
  await makerForNobody(adapters, owner, { lay: async () => undefined })(member, hold.signal, log);
  const made = await repositories.poolMembers.get(member.id);
  const { platform, parts } = made;
  if (parts === undefined) throw new Error('Nothing is known of what it is made of.');
  await containers.stop(member);
  const key = goldenKeyOf(platform, parts.images);
  await golden.keep(storeAhead(made, config.baseDomain), { key, platform, ...parts }, ahead, hold);
  return key;
}

/** Secrets of a shop that is nobody's stand in its files alone. */
async function makeAll<Name extends string>({
  makers,
}: {
  makers: Readonly<Record<Name, () => string | Promise<string>>>;
}): Promise<Record<Name, string>> {
  const made: Partial<Record<Name, string>> = {};
  for (const name of Object.keys(makers) as Name[]) made[name] = await makers[name]();
  return made as Record<Name, string>;
}
