import type { Origin } from './origin.ts';

export type LedgerResult = 'ok' | 'refused' | 'failed';
export const LEDGER_RESULTS = ['ok', 'refused', 'failed'] as const satisfies readonly LedgerResult[];

/** One act: who (and as whom), what, on what, from where, and how it ended. */
export interface LedgerLine extends Origin {
  /** Dotted words in the past tense: `store.suspended`, `session.revoked`. */
  readonly action: string;
  /** What was acted on: an id, or the name of what has none. */
  readonly target: string;
  /** The store it is about, also where the target is something of it; its owner sees the line. */
  readonly storeId?: string | undefined;
  /** Default `ok`. */
  readonly result?: LedgerResult | undefined;
  /** Facts only, never a secret. */
  readonly details: Readonly<Record<string, unknown>>;
  readonly at: Date;
}

/** A line as it is kept; `null` where it says nothing. */
export interface StoredLine {
  readonly id: number;
  readonly actor: string;
  readonly as: string | null;
  readonly tokenId: string | null;
  /** What its owner calls the token now; `null` also when it is there no more. */
  readonly tokenName: string | null;
  readonly action: string;
  readonly target: string;
  readonly storeId: string | null;
  readonly result: LedgerResult;
  readonly details: Readonly<Record<string, unknown>>;
  readonly address: string | null;
  readonly requestId: string | null;
  readonly at: Date;
}

/** Which lines somebody looks for; all that is given must fit. */
export interface LedgerFilter {
  readonly actor?: string | undefined;
  /** `store.deleted`, or a whole group: `store`. */
  readonly action?: string | undefined;
  readonly target?: string | undefined;
  readonly storeId?: string | undefined;
  /** By which token a program did it. */
  readonly tokenId?: string | undefined;
  /** Whose account it touched or who acted, themselves or through an operator. */
  readonly customerId?: string | undefined;
  readonly requestId?: string | undefined;
  readonly result?: LedgerResult | undefined;
  readonly since?: Date | undefined;
  readonly until?: Date | undefined;
}

/** Newest first; `before` is the id of the last line of the page before. */
export interface LedgerPageRequest {
  readonly before?: number | undefined;
  readonly limit: number;
}

export interface LedgerPage {
  readonly lines: readonly StoredLine[];
  /** What to ask the next page with; `null` when this one is the last. */
  readonly before: number | null;
}

/** A line exactly as its row holds it: what a seal is made over. */
export interface RawLine {
  readonly id: number;
  readonly actor: string;
  readonly actingAs: string | null;
  readonly tokenId: string | null;
  readonly action: string;
  readonly target: string;
  readonly storeId: string | null;
  readonly result: string;
  readonly detailsJson: string;
  readonly address: string | null;
  readonly requestId: string | null;
  readonly at: Date;
}

/** A link of the chain. */
export interface LedgerSeal {
  /** From 1, without a gap: the order in which lines were sealed. */
  readonly position: number;
  readonly lineId: number;
  /** In hex. */
  readonly seal: string;
}

/** How far the chain had come, kept outside the database. */
export interface LedgerHead {
  readonly position: number;
  readonly seal: string;
  readonly at: string;
}

/** What the seal before the first one is taken to be. */
export const NO_SEAL = '';

/**
 * What a seal is made over: the seal before, the place, and every column of the line. Changing any of them, or the
 * order, gives another text; no two lines share one. A token comes last and only where there is one: lines that were
 * sealed before lines told it keep their seals.
 */
export function sealedText(previousSeal: string, position: number, line: RawLine): string {
  const { id, actor, actingAs, tokenId, action, target, storeId, result, detailsJson, address, requestId, at } = line;
  return JSON.stringify([
    'line',
    previousSeal,
    position,
    id,
    actor,
    actingAs,
    action,
    target,
    storeId,
    result,
    detailsJson,
    address,
    requestId,
    at.toISOString(),
    ...(tokenId === null ? [] : [tokenId]),
  ]);
}

/** What the keeper of the head signs, so that nobody else can set it back. */
export function headText({ position, seal, at }: LedgerHead): string {
  return JSON.stringify(['head', position, seal, at]);
}
