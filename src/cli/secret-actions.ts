import type { ResealedPart } from '../operating/reseal-secrets.ts';
import type { Progress } from './actions.ts';

/** What a change of `SECRET_KEY` has come to. */
export interface ResealView {
  readonly parts: readonly ResealedPart[];
  readonly resealed: number;
  /** How many the key of today does not open. While there are any, `SECRET_KEY_OLD` has to stay. */
  readonly left: number;
}

/** What `shopctl` can ask for about sealed secrets. */
export interface SecretActions {
  /** Seals with the key of today whatever a former one has sealed. May be repeated, and stopped at any moment. */
  resealSecrets(input: Progress): Promise<ResealView>;
}
