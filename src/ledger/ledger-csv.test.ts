import { expect, it } from 'vitest';
import type { StoredLine } from '../domain/ledger.ts';
import { CSV_HEAD, csvRowOf } from './ledger-csv.ts';

const LINE: StoredLine = {
  id: 7,
  actor: 'cus_1',
  as: null,
  tokenId: 'tok_1',
  tokenName: 'nightly',
  action: 'store.created',
  target: 'sto_1',
  storeId: 'sto_1',
  result: 'ok',
  details: { name: 'tea, "green"' },
  address: '192.0.2.7',
  requestId: 'req_1',
  at: new Date(0),
};

it('a line is a row with a cell for each column', () => {
  expect(CSV_HEAD.trim().split(',')).toHaveLength(12);
  expect(csvRowOf(LINE)).toBe(
    '7,1970-01-01T00:00:00.000Z,cus_1,,tok_1,store.created,sto_1,sto_1,ok,192.0.2.7,req_1,"{""name"":""tea, \\""green\\""""}"\r\n',
  );
});

it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1'])(
  'no cell is a formula where a spreadsheet opens it: %j',
  (target) => {
    expect(csvRowOf({ ...LINE, target })).toContain(`'${target}`);
  },
);
