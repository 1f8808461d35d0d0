import { afterAll, beforeAll, describe } from 'vitest';
import { describeFaults } from './magento/faults.ts';
import { describeKillsBackward, describeKillsForward } from './magento/kills.ts';
import { describeNeighbours } from './magento/neighbours.ts';
import { findMagentoParts } from './magento/parts.ts';
import { describeRepair } from './magento/repair.ts';
import { signInToMagento } from './magento/sign-in-to-magento.ts';
import { describeTheShop } from './magento/the-shop.ts';
import { type MagentoWorld, openMagentoWorld, TULIPS } from './magento/world.ts';
import { describeShopOperations } from './shop-operations.ts';

const parts = await findMagentoParts();
const { missing, engine } = parts;

/** One platform for everything that is promised of Magento: each theme is a file in the folder of that name. */
describe.skipIf(missing !== undefined)(`Magento (${missing === undefined ? engine : `skipped: ${missing}`})`, () => {
  let world: MagentoWorld;
  beforeAll(async () => {
    world = await openMagentoWorld(parts);
  });
  afterAll(() => world?.close());

  const theWorld = (): MagentoWorld => world;

  // The first two leave the shops that the others find open; the last two delete them.
  describeTheShop(theWorld);
  describeKillsForward(theWorld);
  describeNeighbours(theWorld);
  describeFaults(theWorld);
  describeShopOperations('Magento', async () => {
    const { platform } = world;
    const store = await platform.store(TULIPS);
    return { platform, store, signIn: (admin) => signInToMagento(platform, store, admin) };
  });
  describeRepair(theWorld);
  describeKillsBackward(theWorld);
});
