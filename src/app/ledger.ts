import { open } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Log } from '../adapters/log/create-log.ts';
import type { LedgerActions, LedgerQuery } from '../cli/ledger-actions.ts';
import { InvalidInputError, toAppError } from '../domain/errors.ts';
import type { LedgerFilter, LedgerHead } from '../domain/ledger.ts';
import { CSV_HEAD, csvRowOf } from '../ledger/ledger-csv.ts';
import { presentLine } from '../ledger/present-line.ts';
import { createLedgerSealer } from '../ledger/seal-lines.ts';
import { createLedgerVerifier, type LedgerVerdict } from '../ledger/verify-ledger.ts';
import { parseSince } from '../operating/show-logs.ts';
import type { Adapters } from './adapters.ts';
import { ledgerKeysOf } from './ledger-keys.ts';

const EXPORT_PAGE = 1000;
const NEWEST_LINES = 20_000;

/** The worker's round over new lines. */
export function ledgerSealerOf({ config, repositories }: Adapters, log: Log): () => Promise<void> {
  return createLedgerSealer({
    seals: repositories.ledgerSeals,
    ...ledgerKeysOf(config),
    onCheckpoint: ({ position, seal }) => log.info({ checkpoint: `${position}:${seal}` }, 'Ledger sealed'),
    onShortened: (facts) => log.error(facts, 'Lines were taken from the end of the ledger'),
    now: () => new Date(),
  });
}

/** For `doctor`: the newest lines only, so that the answer comes as fast from an old ledger. */
export async function verifyNewestLines(adapters: Adapters): Promise<LedgerVerdict> {
  const { verify, readHead } = verifierOf(adapters);
  const head = await readHead();
  const last = head === undefined || head === 'tampered' ? 0 : head.position;
  return await verify({ from: Math.max(1, last - NEWEST_LINES) });
}

function verifierOf({ config, repositories }: Adapters) {
  const { macOf, headFile, formerMacs } = ledgerKeysOf(config);
  const readHead = async (): Promise<LedgerHead | 'tampered' | undefined> =>
    headFile.read().catch((thrown: unknown) => {
      if (toAppError(thrown).code === 'secret_unreadable') return 'tampered' as const;
      throw thrown;
    });
  return { readHead, verify: createLedgerVerifier({ seals: repositories.ledgerSeals, readHead, macOf, formerMacs }) };
}

/** `shopctl audit …` */
export function createLedgerActions(opened: () => Adapters): LedgerActions {
  return {
    async listLedger({ limit, before, ...query }) {
      const page = await opened().repositories.audit.page(filterOf(query, new Date()), { limit, before });
      return { items: page.lines.map(presentLine), before: page.before };
    },

    async exportLedger({ file, ...query }) {
      const filter = filterOf(query, new Date());
      const { audit } = opened().repositories;
      const handle = await open(file, 'wx', 0o600).catch((cause: unknown) => {
        throw new InvalidInputError('out', `--out: ${cause instanceof Error ? cause.message : String(cause)}`);
      });
      let lines = 0;
      try {
        await handle.write(CSV_HEAD);
        for (let before: number | undefined; ; ) {
          const page = await audit.page(filter, { limit: EXPORT_PAGE, before });
          await handle.write(page.lines.map(csvRowOf).join(''));
          lines += page.lines.length;
          if (page.before === null) return { file: resolve(file), lines };
          before = page.before;
        }
      } finally {
        await handle.close();
      }
    },

    verifyLedger: async (request) => await verifierOf(opened()).verify(request),
  };
}

function filterOf({ store, customer, token, request, since, until, ...same }: LedgerQuery, now: Date): LedgerFilter {
  return {
    ...same,
    storeId: store,
    customerId: customer,
    tokenId: token,
    requestId: request,
    since: since === undefined ? undefined : parseSince(since, now),
    until: until === undefined ? undefined : parseSince(until, now),
  };
}
