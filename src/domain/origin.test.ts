import { describe, expect, it } from 'vitest';
import { originIn, originOfSession, originOfToken, originOfVisitor } from './origin.ts';

const FROM = { address: '192.0.2.7', requestId: 'req_1' };

describe('an origin', () => {
  it('names the customer alone, or the operator with the account they act as', () => {
    expect(originOfSession({ customerId: 'cus_a' }, FROM)).toEqual({ actor: 'cus_a', ...FROM });
    expect(originOfSession({ customerId: 'cus_a', impersonatorId: 'cus_op' }, FROM)).toEqual({
      actor: 'cus_op',
      as: 'cus_a',
      ...FROM,
    });
  });

  it('names the token of a program beside the account that it acts for, wherever the origin is handed on', () => {
    const origin = originOfToken({ id: 'tok_1', customerId: 'cus_a' }, FROM);
    expect(origin).toEqual({ actor: 'cus_a', tokenId: 'tok_1', ...FROM });
    expect(originIn(origin)).toEqual(origin);
  });

  it('takes of a request where it came from, and nothing else', () => {
    const visitor = { ...FROM, userAgent: 'a browser', device: 'a secret' };
    expect(originOfVisitor(visitor)).toEqual({ actor: 'visitor', ...FROM });
  });
});
