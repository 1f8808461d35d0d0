import { describe, expect, test } from 'vitest';
import type { RunEvent } from '../adapters/mysql/runs.ts';
import type { ProgressEvent } from '../web/services.ts';
import { createProgressFollower } from './follow-progress.ts';

/** A journal of one store that the test writes while followers read. */
function aJournal() {
  const events: RunEvent[] = [];
  let isUnderWay = true;
  let looks = 0;
  let isAway = false;
  const follow = createProgressFollower({
    events: async (_storeId, afterId, limit) => events.filter(({ id }) => id > afterId).slice(0, limit),
    async newestEventIds(ids) {
      looks += 1;
      if (isAway) throw new Error('away');
      const last = events.at(-1)?.id;
      return new Map(last === undefined ? [] : ids.map((id) => [id, last]));
    },
    isUnderWay: async () => isUnderWay,
    titlesOf: async () => (step) => `Title of ${step}`,
    lookEveryMs: 1,
  });
  return {
    follow,
    looks: () => looks,
    tell(count: number, kind: RunEvent['kind'] = 'done'): void {
      for (let told = 0; told < count; told += 1) {
        const details = {};
        events.push({
          id: events.length + 1,
          runId: 'run_1',
          storeId: 'sto_1',
          step: 'activate',
          kind,
          at: new Date(0),
          details,
        });
      }
    },
    end(): void {
      events.push({
        id: events.length + 1,
        runId: 'run_1',
        storeId: 'sto_1',
        step: null,
        kind: 'run_done',
        at: new Date(0),
        details: {},
      });
      isUnderWay = false;
    },
    forget(): void {
      events.length = 0;
      isUnderWay = false;
    },
    setAway(value: boolean): void {
      isAway = value;
    },
  };
}

const forever = new AbortController().signal;

async function idsOf(story: AsyncIterable<ProgressEvent>): Promise<number[]> {
  const ids: number[] = [];
  for await (const { id } of story) ids.push(id);
  return ids;
}

describe('following a store', () => {
  test('tells what was, then what happens, in order and once, until the run has ended', async () => {
    const journal = aJournal();
    journal.tell(2);
    const story = journal.follow('sto_1', 0, forever);
    expect((await story.next()).value).toMatchObject({ id: 1, title: 'Title of activate' });
    expect((await story.next()).value).toMatchObject({ id: 2 });
    const third = story.next();
    journal.tell(1);
    expect((await third).value).toMatchObject({ id: 3 });
    journal.tell(3);
    journal.end();
    expect(await idsOf(story)).toEqual([4, 5, 6, 7]);
  });

  test('goes on behind the last id somebody has seen, also when more has happened than one look reads', async () => {
    const journal = aJournal();
    journal.tell(450);
    journal.end();
    expect(await idsOf(journal.follow('sto_1', 100, forever))).toEqual(
      Array.from({ length: 351 }, (_, at) => at + 101),
    );
  });

  test('ends at once where nothing is under way', async () => {
    const journal = aJournal();
    journal.end();
    expect(await idsOf(journal.follow('sto_1', 1, forever))).toEqual([]);
    expect(journal.looks()).toBe(0);
  });

  test('ends when the store is gone, and when whoever watched went away', async () => {
    const journal = aJournal();
    journal.tell(1);
    const story = journal.follow('sto_1', 0, forever);
    await story.next();
    const rest = idsOf(story);
    journal.tell(1);
    await new Promise((resolve) => setTimeout(resolve, 10));
    journal.forget();
    expect(await rest).toEqual([2]);

    const other = aJournal();
    const leaving = new AbortController();
    const watched = idsOf(other.follow('sto_1', 0, leaving.signal));
    leaving.abort();
    expect(await watched).toEqual([]);
  });

  test('goes on when the database comes back', async () => {
    const journal = aJournal();
    journal.setAway(true);
    const all = idsOf(journal.follow('sto_1', 0, forever));
    journal.tell(1);
    await new Promise((resolve) => setTimeout(resolve, 10));
    journal.setAway(false);
    journal.end();
    expect(await all).toEqual([1, 2]);
  });

  test('a hundred who watch cost no more looks than one', async () => {
    const journal = aJournal();
    const all = Promise.all(Array.from({ length: 100 }, () => idsOf(journal.follow('sto_1', 0, forever))));
    journal.tell(1);
    await new Promise((resolve) => setTimeout(resolve, 20));
    const before = journal.looks();
    expect(before).toBeLessThan(40);
    journal.end();
    expect((await all).every((ids) => ids.join() === '1,2')).toBe(true);
  });
});
