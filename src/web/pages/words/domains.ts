import type { DomainState } from '../../../domain/own-domains.ts';
import type { RecordView } from '../../../domains/present-domain.ts';
import type { Wording } from './statuses.ts';

/** How a domain stands, the same words everywhere; `sentence` is for its owner. */
export const DOMAIN_WORDING = {
  'waiting-for-dns': {
    word: 'Waiting for DNS',
    icon: 'hourglass',
    tone: 'waiting',
    sentence: 'Set the records below at your registrar. We look again by ourselves; DNS can take up to a day.',
  },
  verifying: {
    word: 'Verifying',
    icon: 'running',
    tone: 'busy',
    sentence: 'The domain is yours. We wait until it leads to your store.',
  },
  issuing: {
    word: 'Issuing certificate',
    icon: 'running',
    tone: 'busy',
    sentence: 'The domain leads here. Its certificate is on the way.',
  },
  valid: { word: 'Valid', icon: 'done', tone: 'good', sentence: 'Visitors reach your store by this domain.' },
  problem: { word: 'Problem', icon: 'alert', tone: 'bad', sentence: 'Something has to be changed first.' },
} as const satisfies Record<DomainState, Wording & { readonly sentence: string }>;

export const RECORD_WORDING = {
  right: { word: 'Right', icon: 'check', tone: 'good' },
  wrong: { word: 'Differs', icon: 'failed', tone: 'bad' },
  missing: { word: 'Missing', icon: 'waiting', tone: 'waiting' },
  unknown: { word: 'Not looked at yet', icon: 'waiting', tone: 'quiet' },
} as const satisfies Record<RecordView['status'], Wording>;

/** A day as people write it, the same on server and browser. */
export function dayInWords(iso: string): string {
  return new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' }).format(new Date(iso));
}
