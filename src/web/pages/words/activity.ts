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

type Told = Pick<ActivityLine, 'who' | 'token' | 'what' | 'result'>;

/** `You, by the token “nightly”, looked at the credentials`; what was refused or failed says so. */
export function activitySentence({ who, token, what, result }: Told): string {
  const by = token === null ? '' : `, by the token ${token.name === null ? token.id : `“${token.name}”`},`;
  return `${WHO[who]}${by} ${what}${ENDS[result]}`;
}
