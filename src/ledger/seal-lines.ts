import { type LedgerHead, type LedgerSeal, NO_SEAL, type RawLine, sealedText } from '../domain/ledger.ts';
import { HOUR, MINUTE } from '../lib/time.ts';

export interface LedgerSealerDeps {
  readonly seals: {
    head(): Promise<LedgerSeal | undefined>;
    unsealed(request: { recentMs: number | undefined; limit: number }): Promise<readonly RawLine[]>;
    append(seals: readonly LedgerSeal[]): Promise<boolean>;
  };
  /** Where the chain's end is kept outside the database. */
  readonly headFile: {
    /** `undefined` when there is none; throws `ledger_broken` for one that was not written by us. */
    read(): Promise<LedgerHead | undefined>;
    write(head: LedgerHead): Promise<void>;
  };
  /** HMAC in hex, under a key that no database user and no web process has. */
  readonly macOf: (text: string) => string;
  /** Told now and then how far the chain has come, for a log that leaves the machine. */
  readonly onCheckpoint: (head: LedgerHead) => void;
  /** Told when the chain in the database ends before the one that was sealed. */
  readonly onShortened: (facts: { readonly sealed: number; readonly found: number }) => void;
  readonly now: () => Date;
}

const PER_ROUND = 2000;
/** No transaction of ours lives nearly as long. */
const RECENT_MS = HOUR;
const LOOK_AT_ALL_EVERY_MS = HOUR;
const CHECKPOINT_EVERY_MS = 5 * MINUTE;

/**
 * One round of sealing: what was committed without a seal gets the next places of the chain. Nobody who writes a line
 * waits for this, and a line that commits late is sealed later, wherever its id lies. Two sealers at once cannot fork the
 * chain: a place is taken once, and whoever comes second has written nothing. Where the database's chain ends before the
 * place that was sealed last, it goes on behind that place, so that the gap stays to be seen.
 */
export function createLedgerSealer(deps: LedgerSealerDeps): () => Promise<void> {
  let lookedAtAll = Number.NEGATIVE_INFINITY;
  let toldAt = Number.NEGATIVE_INFINITY;
  let told = 0;

  function tell(head: LedgerHead): void {
    const now = deps.now().getTime();
    if (head.position === told || now - toldAt < CHECKPOINT_EVERY_MS) return;
    toldAt = now;
    told = head.position;
    deps.onCheckpoint(head);
  }

  return async () => {
    const kept = await deps.headFile.read();
    const found = await deps.seals.head();
    if (kept !== undefined && (found?.position ?? 0) < kept.position) {
      deps.onShortened({ sealed: kept.position, found: found?.position ?? 0 });
    }
    let end = laterOf(kept, found);
    const now = deps.now();
    const isAll = now.getTime() - lookedAtAll >= LOOK_AT_ALL_EVERY_MS;
    const lines = await deps.seals.unsealed({ recentMs: isAll ? undefined : RECENT_MS, limit: PER_ROUND });
    if (isAll && lines.length < PER_ROUND) lookedAtAll = now.getTime();
    const seals: LedgerSeal[] = [];
    for (const line of lines) {
      const position = end.position + 1;
      const seal = deps.macOf(sealedText(end.seal, position, line));
      seals.push({ position, lineId: line.id, seal });
      end = { position, seal };
    }
    if (seals.length > 0 && !(await deps.seals.append(seals))) return;
    if (end.position === 0) return;
    const head = { ...end, at: now.toISOString() };
    if (end.position !== kept?.position) await deps.headFile.write(head);
    tell(head);
  };
}

function laterOf(kept: LedgerHead | undefined, found: LedgerSeal | undefined): { position: number; seal: string } {
  const later = kept !== undefined && kept.position >= (found?.position ?? 0) ? kept : found;
  return later === undefined ? { position: 0, seal: NO_SEAL } : { position: later.position, seal: later.seal };
}
