import type { ActivityActor, ActivityLine } from '../../services/ledger.ts';

const WHO: Readonly<Record<ActivityActor, string>> = {
  you: 'You',
  operator: 'An operator',
  'operator-as-you': 'An operator, in your account,',
  platform: 'The platform',
  visitor: 'Somebody who was not signed in',
};

const ENDS: Readonly<Record<ActivityLine['result'], string>> = {
  ok: '',
  refused: ' – refused',
  failed: ' – it did not work',
};

/** `You looked at the credentials`; what was refused or failed says so. */
export function activitySentence({ who, what, result }: Pick<ActivityLine, 'who' | 'what' | 'result'>): string {
  return `${WHO[who]} ${what}${ENDS[result]}`;
}
