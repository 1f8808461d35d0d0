import { describe, expect, test } from 'vitest';
import { until } from '../until.ts';
import { ROSE } from './the-path.ts';
import { cookieOf, type FrontDoor, post, type Wish } from './world.ts';

/** Of one account from one address; the sixth wrong password is one too many. */
const TRIES = 5;
const GUESSER = '127.0.3.1';

const logInFrom = (door: FrontDoor, from: string, { email, password }: Wish, headers: Record<string, string> = {}) =>
  post(door, 'login', { email, password }, { from, headers });

const WRONG = { ...ROSE, password: 'not the one at all' };

export function describeLimits(theDoor: () => FrontDoor): void {
  describe('whoever guesses passwords', () => {
    let known = '';

    test('waits after a few tries, and is told for how long; the same for an account that nobody has', async () => {
      const door = theDoor();
      known = cookieOf(await logInFrom(door, '127.0.3.9', ROSE));
      for (const wish of [WRONG, { ...WRONG, email: 'nobody@example.com' }]) {
        const answers = [];
        for (let number = 0; number <= TRIES; number += 1) answers.push(await logInFrom(door, GUESSER, wish));

        expect(answers.map(({ status }) => status)).toEqual([...Array<number>(TRIES).fill(422), 429]);
        const last = answers.at(-1);
        expect(Number(last?.headers['retry-after'])).toBeGreaterThan(60);
        expect(last?.body).toMatch(/Please wait \d+ (?:seconds|minutes) and try again/);
        expect(last?.body).toContain(wish.email);
        expect(last?.body).not.toContain(wish.password);
      }
    });

    test('is the same to us under whatever address his headers claim', async () => {
      const claims = ['X-Forwarded-For', 'X-Real-IP', 'True-Client-IP', 'CF-Connecting-IP', 'X-Client-IP', 'Client-IP'];
      for (const header of claims) {
        const { status } = await logInFrom(theDoor(), GUESSER, ROSE, { [header]: '198.51.100.7' });
        expect([header, status]).toEqual([header, 429]);
      }
      const others = [{ Forwarded: 'for=198.51.100.7;proto=https' }, { 'X-Forwarded-For': '127.0.0.2, 198.51.100.7' }];
      for (const headers of others) {
        expect((await logInFrom(theDoor(), GUESSER, ROSE, headers)).status).toBe(429);
      }
    });

    test('keeps the owner out neither from another address nor in a browser that was signed in before', async () => {
      expect((await logInFrom(theDoor(), '127.0.3.2', ROSE)).status).toBe(303);
      expect((await logInFrom(theDoor(), GUESSER, ROSE, { cookie: known })).status).toBe(303);
    });

    test('still waits after the web processes were started anew', async () => {
      const { platform, home } = theDoor();
      await platform.ok('restart', 'web');
      await until(async () => ((await platform.visit(`${home}readyz`)).status === 200 ? true : undefined));

      expect((await logInFrom(theDoor(), GUESSER, ROSE)).status).toBe(429);
    });
  });

  test('what the edge says of a visitor is believed from the edge alone', async () => {
    const door = theDoor();
    const direct = `http://127.0.0.1:${door.platform.config.webPort}/login`;
    const answer = await fetch(direct, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', 'x-forwarded-for': GUESSER },
      body: new URLSearchParams({ email: ROSE.email, password: ROSE.password }),
      redirect: 'manual',
    });

    expect(answer.status).toBe(303);
  });
}
