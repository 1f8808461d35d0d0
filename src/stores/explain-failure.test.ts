import { expect, test } from 'vitest';
import { CUSTOMER_TEXT_OF } from '../domain/error-texts.ts';
import type { ErrorCode } from '../domain/errors.ts';
import { explainFailure } from './explain-failure.ts';

const explain = (code: ErrorCode, retryable = true) =>
  explainFailure({ code, message: '', hint: null, step: null, retryable, at: new Date(0) }, undefined);

test('a shop that did not do what it was told is not said to lack its software', () => {
  expect(explain('shop_command_failed').likelyCause).toMatch(/busy, or something inside it is broken/);
});

test('a step that was given up at its first failure is not said to have been tried several times', () => {
  expect(explain('step_timed_out').whatWeTried).toContain('several times');
  expect(explain('disk_full', false).whatWeTried).toContain('tried this step once');
  expect(explain('disk_full', false).whatWeTried).not.toContain('several times');
});

test('whatever happened, the owner of a Magento shop reads nothing of another platform, and no program is named', () => {
  for (const code of Object.keys(CUSTOMER_TEXT_OF) as ErrorCode[]) {
    const { sentence, likelyCause, whatWeTried } = explain(code);
    expect(`${sentence} ${likelyCause} ${whatWeTried}`).not.toMatch(/wordpress|woocommerce|wp-|nginx|docker|mysql/i);
  }
});
