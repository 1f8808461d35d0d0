import { createHash } from 'node:crypto';
import type { MemberParts } from './pool-member.ts';
import type { PlatformName } from './store.ts';

/** What a snapshot is of. */
export interface GoldenFacts extends MemberParts {
  /** Sixteen hexadecimal digits: equal ones are of equal parts. */
  readonly key: string;
  readonly platform: PlatformName;
}

/** A shop that was installed once, as nobody's, and is copied for stores from then on. */
export interface GoldenSnapshot extends GoldenFacts {
  readonly madeAt: Date;
  readonly files: number;
  readonly bytes: number;
}

const KEY_LENGTH = 16;

/** The key of what is made of these parts: an image or application of another content, or another recipe, gives another. */
export function goldenKeyOf(platform: PlatformName, images: MemberParts['images']): string {
  const sorted = Object.entries(images).sort(([one], [other]) => (one < other ? -1 : 1));
  const text = JSON.stringify([platform, sorted]);
  return createHash('sha256').update(text).digest('hex').slice(0, KEY_LENGTH);
}
