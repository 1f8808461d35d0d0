import type { Command } from 'commander';
import { z } from 'zod';
import { InvalidInputError } from '../../domain/errors.ts';
import { PAGE_LIFETIME_NAMES } from '../../domain/page-cache.ts';
import type { Fact } from '../printer.ts';
import { defineCommand, type Session } from '../session.ts';
import { storeOf } from './store-of.ts';

const KEPT = {
  'at-the-edge': 'at the edge',
  'by-the-shop': 'by the shop itself',
  nowhere: 'nowhere: PAGE_CACHE_MB is 0',
} as const;

/** `store cache`: pages that visitors are shown without the shop being asked. */
export function addStoreCacheCommand(store: Command, session: Session): void {
  defineCommand(store, session, {
    usage: 'cache <id> [what]',
    summary: 'whether visitors are shown kept pages, and how long; on, off, or purge: empty it now',
    examples: ['shopctl store cache demo on --lifetime 1h', 'shopctl store cache demo purge'],
    configure: (command) =>
      command.option('--lifetime <lifetime>', `with on: how long a page is kept, ${PAGE_LIFETIME_NAMES.join(', ')}`),
    options: z.object({ lifetime: z.string().optional() }),
    async run(call) {
      const [, what] = call.args;
      const { lifetime } = call.options;
      const { id: storeId } = await storeOf(call);
      const { actions, io, printer } = call;
      if (lifetime !== undefined && what !== 'on') throw new InvalidInputError('lifetime', '--lifetime belongs to on.');
      if (what === 'on' || what === 'off') {
        const texts = { pageCache: what, ...(lifetime === undefined ? {} : { pageLifetime: lifetime }) };
        await actions.setPageCache({ storeId, texts, signal: io.interrupt });
      } else if (what === 'purge') await actions.emptyPageCache(storeId);
      else if (what !== undefined) throw new InvalidInputError('what', 'Say on, off or purge.');
      const view = await actions.readPageCache(storeId);
      const facts: readonly Fact[] = [
        ['page cache', view.pageCache],
        ['lifetime', view.lifetime],
        ['kept', KEPT[view.kept]],
      ];
      printer.object(view, facts);
      if (what === 'purge') printer.note('Emptied. Visitors see what the shop answers now.');
    },
  });
}
