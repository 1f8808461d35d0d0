import { expect, it } from 'vitest';
import { LOCK_REASON_LENGTH, parseLockReason } from './account-lock.ts';

it('a reason is one trimmed line that fits where it is kept', () => {
  expect(parseLockReason('  Invoice 2041 is a forgery. ')).toBe('Invoice 2041 is a forgery.');
  expect(parseLockReason('🛒'.repeat(LOCK_REASON_LENGTH))).toHaveLength(2 * LOCK_REASON_LENGTH);
});

it.each(['', '   ', 'two\nlines', 'nul\u0000', 'x'.repeat(LOCK_REASON_LENGTH + 1)])('%j is no reason', (text) => {
  expect(() => parseLockReason(text)).toThrow(expect.objectContaining({ code: 'invalid_input', field: 'reason' }));
});
