import { expect, test } from 'vitest';
import { CUSTOMER_TEXT_OF } from '../domain/error-texts.ts';
import type { ErrorCode } from '../domain/errors.ts';
import { explainFailure } from './explain-failure.ts';

const explain = (code: ErrorCode) =>
  explainFailure({ code, message: '', hint: null, step: null, retryable: true, at: new Date(0) }, undefined);

test('a shop that did not do what it was told is not said to lack its software', () => {
  expect(explain('shop_command_failed').likelyCause).toMatch(/busy, or something inside it is broken/);
});

test('whatever happened, the owner of a Magento shop reads nothing of another platform, and no program is named', () => {
  for (const code of Object.keys(CUSTOMER_TEXT_OF) as ErrorCode[]) {
    const { sentence, likelyCause, whatWeTried } = explain(code);
    expect(`${sentence} ${likelyCause} ${whatWeTried}`).not.toMatch(/wordpress|woocommerce|wp-|nginx|docker|mysql/i);
  }
});
