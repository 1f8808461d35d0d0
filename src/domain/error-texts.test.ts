import { expect, it } from 'vitest';
import { CUSTOMER_TEXT_OF } from './error-texts.ts';

it.each(Object.entries(CUSTOMER_TEXT_OF))('%s has whole sentences that name none of our machinery', (_code, text) => {
  expect(text).toMatch(/^[A-Z].*\.$/);
  expect(text).not.toMatch(/docker|container|mysql|redis|nginx|subnet|uid|port\b|schema|worker/i);
});
