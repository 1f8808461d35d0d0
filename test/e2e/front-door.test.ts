import { afterAll, beforeAll } from 'vitest';
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

describeThePath(theDoor);
describeSessions(theDoor);
