import { afterAll, beforeAll, describe } from 'vitest';
import { describeClocks, describeOneTurn, describeRest } from './magento/clocks.ts';
import { describeFaults } from './magento/faults.ts';
import { describeKillsBackward, describeKillsForward } from './magento/kills.ts';
import { describeMadeAhead } from './magento/made-ahead.ts';
import { describeNeighbours, describeNeighboursToBe } from './magento/neighbours.ts';
import { describeOwnersHands } from './magento/owners-hands.ts';
import { findMagentoParts } from './magento/parts.ts';
import { describeQueueAndPageCache } from './magento/queue-and-page-cache.ts';
import { describeRepair } from './magento/repair.ts';
import { signInToMagento } from './magento/sign-in-to-magento.ts';
import { describeSelling, describeSignUp } from './magento/the-shop.ts';
import { type MagentoWorld, openMagentoWorld, TULIPS } from './magento/world.ts';
import { describeShopOperations } from './shop-operations.ts';

const parts = await findMagentoParts();
const { missing, engine, neighbour } = parts;

/** One platform for everything that is promised of Magento: each theme is a file in the folder of that name. */
describe.skipIf(missing !== undefined)(`Magento (${missing === undefined ? engine : `skipped: ${missing}`})`, () => {
  let world: MagentoWorld;
  beforeAll(async () => {
    world = await openMagentoWorld(parts);
  });
  afterAll(() => world?.close());

  const theWorld = (): MagentoWorld => world;

  describeSignUp(theWorld);
  sideBySide({
    'the first shop': () => {
      describeSelling(theWorld);
      describeOwnersHands(theWorld);
    },
    'the others': () => {
      describeKillsForward(theWorld);
      describeNeighboursToBe(theWorld, neighbour);
    },
  });
  describeNeighbours(theWorld);
  sideBySide({
    'the first shop': () => describeFaults(theWorld),
    'the second shop': () => {
      describeShopOperations('Magento', async () => {
        const { platform } = world;
        const store = await platform.store(TULIPS);
        return { platform, store, signIn: (admin) => signInToMagento(platform, store, admin) };
      });
      describeOneTurn(theWorld);
      describeRest(theWorld);
    },
  });
  // Whoever looks at clocks mostly waits.
  sideBySide({
    clocks: () => describeClocks(theWorld),
    'the third shop': () => describeQueueAndPageCache(theWorld),
  });
  sideBySide({
    'the first shop': () => describeRepair(theWorld),
    'the second shop': () => describeKillsBackward(theWorld),
  });
  describeMadeAhead(theWorld);
});

/** Themes that have nothing to do with each other's shops, each in its own order: what waits leaves the time to others. */
function sideBySide(themes: Readonly<Record<string, () => void>>): void {
  // Within one suite: concurrent suites that follow each other would all run at once.
  describe(Object.keys(themes).join(' beside '), () => {
    for (const [name, theme] of Object.entries(themes)) {
      describe.concurrent(name, () => {
        describe.sequential('in order', () => {
          theme();
        });
      });
    }
  });
}
