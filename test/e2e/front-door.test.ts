import { afterAll, beforeAll } from 'vitest';
import { describeHostileNeighbours } from './front-door/hostile-neighbours.ts';
import { describeHostileValues } from './front-door/hostile-values.ts';
import { describeInterruptions } from './front-door/interruptions.ts';
import { describeLimits } from './front-door/limits.ts';
import { describeLooks } from './front-door/looks.ts';
import { describeOneWish } from './front-door/one-wish.ts';
import { describeRush } from './front-door/rush.ts';
import { describeSessions } from './front-door/sessions.ts';
import { describeThePath } from './front-door/the-path.ts';
import { type FrontDoor, openFrontDoor } from './front-door/world.ts';

/** One platform for everything that happens at the front door: each theme is a file in the folder of that name. */
let door: FrontDoor;
beforeAll(async () => {
  door = await openFrontDoor();
});
afterAll(() => door?.close());

const theDoor = (): FrontDoor => door;

// The first two leave the stores that the others find open; the last one leaves a queue that nobody works off.
describeThePath(theDoor);
describeSessions(theDoor);
describeHostileNeighbours(theDoor);
describeHostileValues(theDoor);
describeLooks(theDoor);
describeLimits(theDoor);
describeInterruptions(theDoor);
describeOneWish(theDoor);
describeRush(theDoor);
