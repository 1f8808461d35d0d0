import { NotFoundError } from '../domain/errors.ts';
import type { LedgerFilter, LedgerPage, LedgerPageRequest, StoredLine } from '../domain/ledger.ts';
import { SYSTEM } from '../domain/origin.ts';
import type { ActivityActor, ActivityLine, ActivityPage, LedgerServices } from '../web/services/ledger.ts';
import { wordsOf } from './activity-words.ts';

export interface ActivityDeps {
  readonly audit: { page(filter: LedgerFilter, request: LedgerPageRequest): Promise<LedgerPage> };
  readonly stores: { find(query: { id: string; customerId: string }): Promise<unknown> };
}

const PER_PAGE = 25;

/** The ledger for those whom it tells about. See `LedgerServices`. */
export function createActivity({ audit, stores }: ActivityDeps): LedgerServices {
  async function pageFor(customerId: string, filter: LedgerFilter, before: number | undefined): Promise<ActivityPage> {
    const found = await audit.page(filter, { before, limit: PER_PAGE });
    return { lines: found.lines.map((line) => lineFor(customerId, line)), before: found.before };
  }

  return {
    async storeActivity(customerId, storeId, { before }) {
      if ((await stores.find({ id: storeId, customerId })) === undefined) throw new NotFoundError('store', storeId);
      return pageFor(customerId, { storeId }, before);
    },
    accountActivity: (customerId, { before }) => pageFor(customerId, { target: customerId }, before),
  };
}

function lineFor(customerId: string, line: StoredLine): ActivityLine {
  const who = whoFor(customerId, line);
  return {
    id: line.id,
    at: line.at.toISOString(),
    who,
    token: who === 'you' && line.tokenId !== null ? { id: line.tokenId, name: line.tokenName } : null,
    what: wordsOf(line),
    result: line.result,
    address: who === 'you' || who === 'visitor' ? line.address : null,
    reference: line.requestId,
  };
}

function whoFor(customerId: string, { actor, as }: StoredLine): ActivityActor {
  if (as === customerId) return 'operator-as-you';
  if (actor === customerId) return 'you';
  if (actor === SYSTEM.actor) return 'platform';
  return actor === 'visitor' ? 'visitor' : 'operator';
}
