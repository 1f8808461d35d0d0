import { CUSTOMER_TEXT_OF } from '../../../domain/error-texts.ts';
import type { RunKind } from '../../../domain/run.ts';
import type { RunView, StoreView } from '../../../stores/present-store.ts';
import type { Tone } from './statuses.ts';

interface ChangeWords {
  /** While it is under way. */
  readonly underWay: string;
  /** When it did not work. */
  readonly failed: string;
}

/** Kinds of runs that an owner is told of while they change a store that is made; the others say it in their own place. */
const WORDS: Partial<Readonly<Record<RunKind, ChangeWords>>> = {
  suspend: { underWay: 'Your store is being closed.', failed: 'Your store could not be closed.' },
  resume: { underWay: 'Your store is being opened again.', failed: 'Your store could not be opened again.' },
  restart: {
    underWay: 'Your store is being restarted.',
    failed: 'Your store was not restarted to the end. We look after each part that does not run.',
  },
  resize: { underWay: 'Your store is getting its new plan.', failed: 'The plan of your store was not changed.' },
  configure: { underWay: 'Your shop is getting its new settings.', failed: 'Your shop did not take its new settings.' },
  'rotate-admin': {
    underWay: 'The administrator of your shop is getting a new password.',
    failed:
      'Your shop did not take the new password of its administrator. Should it refuse the old one, the credentials show both.',
  },
  'rotate-database': {
    underWay: 'Your database is getting a new password.',
    failed: 'The change of your database’s password was not finished. Your shop works, and the credentials show both.',
  },
  'schedule-delete': { underWay: 'Your store is being closed.', failed: 'Your store could not be closed.' },
  'undo-delete': { underWay: 'Your store is being brought back.', failed: 'Your store could not be brought back.' },
};

export interface ChangeNews {
  readonly tone: Tone;
  readonly sentence: string;
  readonly more: string | null;
}

export const isUnderWay = ({ status }: RunView): boolean => status === 'queued' || status === 'running';

/** What there is to say of the store's newest change; `null` when it is done, or when there was none. */
export function changeNews({ run }: Pick<StoreView, 'run'>): ChangeNews | null {
  const words = run === null ? undefined : WORDS[run.kind];
  if (run === null || words === undefined || run.status === 'done') return null;
  const why = run.error === null ? null : CUSTOMER_TEXT_OF[run.error.code];
  if (isUnderWay(run)) {
    return {
      tone: 'busy',
      sentence: words.underWay,
      more: why === null ? null : 'That takes longer than usual. We keep trying.',
    };
  }
  return { tone: 'bad', sentence: words.failed, more: why };
}

/**
 * Its owner wanted it back, and that did not work: it is not deleted, however late it is, until somebody wishes
 * otherwise.
 */
export const isHeldBack = ({ run, deletion }: Pick<StoreView, 'run' | 'deletion'>): boolean =>
  deletion !== undefined && run?.kind === 'undo-delete' && run.status === 'failed';
