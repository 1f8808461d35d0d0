import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sql } from 'kysely';
import pLimit from 'p-limit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createOfferKeeper } from '../../../src/stores/offer.ts';
import { expectPage, newVisitor } from '../browser.ts';
import type { Answer } from '../platform.ts';
import { until } from '../until.ts';
import { ROSE } from './the-path.ts';
import { aWish, cookieOf, type FrontDoor, fieldsOf, logIn, post, stopWorkers } from './world.ts';

const VISITORS = 200;
const AT_ONCE = 20;
/** New stores of one address in an hour, by default. */
const PER_ADDRESS = 20;

/** Leaves the platform without a worker and with a queue that nobody works off: the last theme of all. */
export function describeRush(theDoor: () => FrontDoor): void {
  describe('while nobody works off the queue', () => {
    let stopped: readonly number[] = [];
    beforeAll(async () => {
      stopped = await stopWorkers(theDoor());
    });
    afterAll(async () => {
      const { kysely } = theDoor().platform.adapters.database;
      await sql`UPDATE provisioning_jobs SET status = 'failed', finished_at = created_at WHERE status = 'queued'`.execute(
        kysely,
      );
      for (const pid of stopped) process.kill(pid, 'SIGCONT');
    });

    describe(`${VISITORS} sign-ups, ${AT_ONCE} at any moment, each from an address of its own`, () => {
      let answers: readonly Answer[] = [];

      test('are all accepted, and no line of an error is written', async () => {
        const door = theDoor();
        const atOnce = pLimit(AT_ONCE);

        answers = await Promise.all(
          Array.from({ length: VISITORS }, (_, at) =>
            atOnce(() => post(door, 'signup', fieldsOf(aWish(`rush-${at}`)), { from: `127.0.1.${at + 1}` })),
          ),
        );

        expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 303));
        const log = await readFile(join(door.platform.config.dataDir, 'logs', 'web.log'), 'utf8');
        const errors = log
          .split('\n')
          .filter((line) => /rush|signup/.test(line) && /"level":(?:50|60|"error"|"fatal")/.test(line));
        expect(errors).toEqual([]);
      });

      test('stand in one queue without a gap, in the order in which they came; each is told its place and an honest wait', async () => {
        const { platform, home, browser } = theDoor();
        const ids = answers.map(({ headers }) => String(headers['location']).split('/').at(-1) ?? '');
        expect(new Set(ids).size).toBe(VISITORS);

        const pages = [];
        for (const [at, answer] of answers.entries()) {
          pages.push(await platform.visit(`${home}stores/${ids[at]}`, { headers: { cookie: cookieOf(answer) } }));
        }

        expect(pages.map(({ status }) => status)).toEqual(pages.map(() => 200));
        const positions = pages.map(({ body }) => positionIn(body));
        expect(positions.toSorted((a, b) => a - b)).toEqual(Array.from({ length: VISITORS }, (_, at) => at + 1));
        const made = await platform.adapters.database.kysely
          .selectFrom('provisioning_jobs')
          .select('store_id')
          .where('status', '=', 'queued')
          .orderBy('next_attempt_at')
          .orderBy('id')
          .execute();
        const byPlace = ids.toSorted((a, b) => (positions[ids.indexOf(a)] ?? 0) - (positions[ids.indexOf(b)] ?? 0));
        expect(byPlace).toEqual(made.map(({ store_id }) => store_id));

        const last = positions.indexOf(VISITORS);
        const context = await newVisitor(browser);
        const page = await context.newPage();
        await logIn(theDoor(), page, aWish(`rush-${last}`));
        await page.goto(`${home}stores/${ids[last]}`);
        const before = `${VISITORS - 1} stores are before yours.`;
        await until(async () => {
          await keepOffer(theDoor(), { isOpen: true, hasRoom: true });
          await page.goto(page.url());
          const told = await page.getByText(before).textContent();
          return told === before
            ? undefined
            : (expect(told).toMatch(/That usually takes \d+ (?:minutes|hours)\.$/) ?? true);
        });
        await context.close();
      });

      test('do not keep anybody from what he has', async () => {
        const { browser } = theDoor();
        const context = await newVisitor(browser);
        const page = await context.newPage();
        await logIn(theDoor(), page, ROSE);
        await page.goto(`${theDoor().home}dashboard?all`);
        await expectPage(page.getByRole('article', { name: ROSE.name }).getByText('Active')).toBeVisible();
        await context.close();
      });
    });

    test('one address signs up for as many stores an hour as are allowed, and is told when to come back', async () => {
      const answers: Answer[] = [];
      for (let number = 0; number <= PER_ADDRESS; number += 1) {
        answers.push(await post(theDoor(), 'signup', fieldsOf(aWish(`greedy-${number}`)), { from: '127.0.4.1' }));
      }

      expect(answers.map(({ status }) => status)).toEqual([...Array<number>(PER_ADDRESS).fill(303), 429]);
      expect(Number(answers.at(-1)?.headers['retry-after'])).toBeGreaterThan(60);
      expect(answers.at(-1)?.body).toMatch(/Please wait \d+ (?:minutes|hours)/);
    });

    describe('when nobody can sign up', () => {
      test.each([
        ['the platform is full', { isOpen: true, hasRoom: false }, 'Every place is taken at the moment.'],
        ['sign-ups are closed', { isOpen: false, hasRoom: true }, 'We take no new shops at the moment.'],
      ] as const)(
        'since %s, visitors read it before they type; who has a store still gets in',
        async (_why, facts, sentence) => {
          const door = theDoor();
          const { platform, browser, home } = door;
          const context = await newVisitor(browser);
          const page = await context.newPage();
          await keepOffer(door, { isOpen: true, hasRoom: true });
          await until(async () => {
            await page.goto(`${home}signup`);
            return (await page.getByLabel('Store name').count()) === 1 ? true : undefined;
          });
          await keepOffer(door, facts);

          await until(async () => {
            const { body } = await platform.visit(home);
            return body.includes(sentence) ? true : undefined;
          });

          // Each web process reads the offer for itself, within seconds.
          await until(async () => {
            await page.goto(`${home}signup`);
            const heading = page.getByRole('heading', { name: 'Not taking new stores right now' });
            return (await heading.count()) === 1 ? true : undefined;
          });
          await expectPage(page.getByText(sentence)).toBeVisible();
          await expectPage(page.getByRole('textbox')).toHaveCount(0);
          const late = await post(door, 'signup', fieldsOf(aWish('too-late')), { from: '127.0.4.2' });
          expect(late.status).toBe(503);
          expect(late.body).toContain(sentence);
          await logIn(door, page, ROSE);
          await context.close();
        },
      );
    });
  });
}

function positionIn(html: string): number {
  if (html.includes('Your store is next in line.')) return 1;
  if (html.includes('One store is before yours.')) return 2;
  return Number(/(\d+) stores are before yours\./.exec(html)?.[1] ?? Number.NaN) + 1;
}

/** As the worker writes it down, for a machine of which this is true. */
async function keepOffer({ platform }: FrontDoor, facts: { isOpen: boolean; hasRoom: boolean }): Promise<void> {
  const { settings } = platform.adapters.repositories;
  await createOfferKeeper({
    settings,
    isOpen: facts.isOpen,
    isAvailable: async () => true,
    hasRoom: async () => facts.hasRoom,
    lanes: async () => platform.config.workerConcurrency,
    usualDurations: async () => ({}),
    now: Date.now,
  })();
}
