import type { ReactElement } from 'react';

/** How one kind of mail is written. */
export interface Template<Facts> {
  readonly subject: (facts: Facts) => string;
  readonly body: (facts: Facts) => ReactElement;
}
