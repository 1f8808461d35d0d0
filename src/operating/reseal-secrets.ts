import { toAppError } from '../domain/errors.ts';

/** A sealed text and the place it belongs to. */
interface SealedPlace {
  readonly owner: string;
  readonly name: string;
  readonly sealed: string;
}

/** One kind of sealed text: where the rows are, and how one is sealed with the key of today. */
export interface SealedPart {
  readonly what: string;
  page(after: SealedPlace | undefined, limit: number): Promise<readonly SealedPlace[]>;
  /** `undefined` for what the key of today has sealed. Throws `secret_unreadable`. */
  reseal(row: SealedPlace): Promise<{ readonly keyId: string; readonly text: string } | undefined>;
  replace(row: SealedPlace, next: { readonly keyId: string; readonly text: string }): Promise<boolean>;
}

export interface ResealedPart {
  readonly what: string;
  readonly rows: number;
  readonly resealed: number;
  /** Not sealed with the key of today even now: no key that is configured opens them, or they changed meanwhile. */
  readonly left: number;
}

const PER_PAGE = 100;

/**
 * Seals anew, some rows at a time, whatever a former key has sealed. Each row is written only where it still is what was
 * read, so nobody else's change is lost, and it may be stopped and begun again at any moment. A row that no key opens is
 * counted and told, and stops nothing.
 */
export async function resealSecrets(
  parts: readonly SealedPart[],
  { signal, onProgress }: { readonly signal: AbortSignal; readonly onProgress: (line: string) => void },
): Promise<ResealedPart[]> {
  const done: ResealedPart[] = [];
  for (const part of parts) {
    const counts = { rows: 0, resealed: 0, left: 0, current: 0 };
    let after: SealedPlace | undefined;
    do {
      signal.throwIfAborted();
      const page = await part.page(after, PER_PAGE);
      for (const row of page) counts[await resealRow(part, row, onProgress)] += 1;
      counts.rows += page.length;
      after = page.length < PER_PAGE ? undefined : page.at(-1);
    } while (after !== undefined);
    done.push({ what: part.what, rows: counts.rows, resealed: counts.resealed, left: counts.left });
  }
  return done;
}

/** What became of it. */
async function resealRow(
  part: SealedPart,
  row: SealedPlace,
  onProgress: (line: string) => void,
): Promise<'resealed' | 'left' | 'current'> {
  try {
    const next = await part.reseal(row);
    if (next === undefined) return 'current';
    return (await part.replace(row, next)) ? 'resealed' : 'left';
  } catch (thrown) {
    const { code, message } = toAppError(thrown);
    if (code !== 'secret_unreadable') throw thrown;
    onProgress(message);
    return 'left';
  }
}
