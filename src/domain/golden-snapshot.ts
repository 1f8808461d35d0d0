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

/** Raised when what a snapshot holds, or how it is made, changes other than by its images. */
const FORMAT = 1;
const KEY_LENGTH = 16;

/** The key of what is made of these parts: an image or an application of another content gives another key. */
export function goldenKeyOf(platform: PlatformName, images: MemberParts['images']): string {
  const sorted = Object.entries(images).sort(([one], [other]) => (one < other ? -1 : 1));
  const text = JSON.stringify([FORMAT, platform, sorted]);
  return createHash('sha256').update(text).digest('hex').slice(0, KEY_LENGTH);
}
