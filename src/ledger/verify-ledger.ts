import { type LedgerHead, type LedgerSeal, NO_SEAL, type RawLine, sealedText } from '../domain/ledger.ts';

export type LedgerProblemKind = 'changed' | 'missing' | 'reordered';

/** The first place where the ledger is not what was sealed. */
export interface LedgerProblem {
  readonly kind: LedgerProblemKind;
  readonly position: number;
  /** `null` where the seal is gone too. */
  readonly lineId: number | null;
  readonly message: string;
}

export interface LedgerVerdict {
  readonly ok: boolean;
  /** How many lines, from the first asked for on, are as they were sealed. */
  readonly verified: number;
  /** Written since the last round of sealing, or while no worker runs: nothing vouches for them yet. */
  readonly unsealed: number;
  readonly head: { readonly position: number; readonly seal: string } | null;
  readonly problem: LedgerProblem | null;
}

export interface LedgerVerifierDeps {
  readonly seals: {
    from(position: number, limit: number): Promise<readonly { seal: LedgerSeal; line: RawLine | null }[]>;
    countUnsealed(): Promise<number>;
  };
  /** As the sealer's; one that was tampered with is told as `tampered`. */
  readonly readHead: () => Promise<LedgerHead | 'tampered' | undefined>;
  readonly macOf: (text: string) => string;
  /** What sealed before the key of today did; none unless given. */
  readonly formerMacs?: () => Promise<readonly FormerMac[]>;
}

/** A key of before: it may have sealed up to a place, and nothing behind it. */
export interface FormerMac {
  readonly macOf: (text: string) => string;
  readonly upTo: number;
}

export interface LedgerVerifyRequest {
  /** Begin here and believe what was before, e.g. behind a gap that is known. Default 1. */
  readonly from?: number | undefined;
  /** A place and its seal that were noted elsewhere: the ledger must still have them. */
  readonly checkpoint?: { readonly position: number; readonly seal: string } | undefined;
}

type Links = readonly { seal: LedgerSeal; line: RawLine | null }[];

const PAGE = 1000;

/**
 * Walks the chain from its beginning and finds the first line that was changed, taken away or moved, also at the end
 * (by the head that is kept outside the database). Only reads. Memory does not grow with the ledger.
 */
export function createLedgerVerifier(deps: LedgerVerifierDeps) {
  return async ({ from = 1, checkpoint }: LedgerVerifyRequest = {}): Promise<LedgerVerdict> => {
    // Before the walk: what is sealed meanwhile only lengthens it.
    const kept = await deps.readHead();
    const macs = [{ macOf: deps.macOf, upTo: Number.POSITIVE_INFINITY }, ...((await deps.formerMacs?.()) ?? [])];
    const noted = [checkpoint, kept === 'tampered' ? undefined : kept].filter((one) => one !== undefined);
    let previous = from === 1 ? NO_SEAL : ((await deps.seals.from(from - 1, 1))[0]?.seal.seal ?? NO_SEAL);
    let position = from;
    let problem: LedgerProblem | null = null;
    for (;;) {
      const links = await deps.seals.from(position, PAGE);
      for (const link of links) {
        problem = problemAt(macs, { links, link, position, previous }) ?? noteProblem(noted, link.seal);
        if (problem !== null) break;
        previous = link.seal.seal;
        position += 1;
      }
      if (problem !== null || links.length < PAGE) break;
    }
    problem ??= endProblem(noted, position) ?? (kept === 'tampered' ? headProblem(position) : null);
    return {
      ok: problem === null,
      verified: position - from,
      unsealed: await deps.seals.countUnsealed(),
      head: position === from ? null : { position: position - 1, seal: previous },
      problem,
    };
  };
}

function problemAt(
  macs: readonly FormerMac[],
  at: { links: Links; link: Links[number]; position: number; previous: string },
): LedgerProblem | null {
  const { links, link, position, previous } = at;
  const { seal, line } = link;
  const place = { position, lineId: seal.lineId };
  if (seal.position !== position) {
    const last = seal.position - 1;
    const which = last === position ? `Line ${position} was` : `Lines ${position} to ${last} were`;
    return { kind: 'missing', position, lineId: null, message: `${which} sealed and is not there any more.` };
  }
  const sealsOf = (candidate: RawLine): string[] =>
    macs.flatMap(({ macOf, upTo }) => (position <= upTo ? [macOf(sealedText(previous, position, candidate))] : []));
  if (line !== null && sealsOf(line).includes(seal.seal)) return null;
  // The line that was sealed here, under another id or with another place's seal: somebody has moved it.
  const others = links.flatMap((other) => (other.line === null ? [] : [other.line]));
  const seals = new Set(links.map((other) => other.seal.seal));
  const wasSealedHere = (other: RawLine): boolean =>
    [...sealsOf(other), ...sealsOf({ ...other, id: seal.lineId })].some((one) => seals.has(one));
  if (others.some(wasSealedHere)) {
    const message = `Line ${seal.lineId} does not stand where it was sealed: lines have been moved.`;
    return { kind: 'reordered', ...place, message };
  }
  if (line === null) {
    return { kind: 'missing', ...place, message: `Line ${seal.lineId} was sealed and is not there any more.` };
  }
  return { kind: 'changed', ...place, message: `Line ${seal.lineId} or its seal was changed after it was sealed.` };
}

type Noted = readonly { readonly position: number; readonly seal: string }[];

function noteProblem(noted: Noted, { position, seal, lineId }: LedgerSeal): LedgerProblem | null {
  if (noted.every((one) => one.position !== position || one.seal === seal)) return null;
  const message = `The ledger has another seal at ${position} than was noted outside the database.`;
  return { kind: 'changed', position, lineId, message };
}

function endProblem(noted: Noted, next: number): LedgerProblem | null {
  const last = Math.max(0, ...noted.map(({ position }) => position));
  if (last < next) return null;
  const message = `The ledger ends before ${next}, but was sealed up to ${last}: its end was taken away.`;
  return { kind: 'missing', position: next, lineId: null, message };
}

function headProblem(next: number): LedgerProblem {
  const message = 'The note of how far the ledger was sealed was not written by this platform; its end cannot be told.';
  return { kind: 'changed', position: next - 1, lineId: null, message };
}
