import { expect, test } from 'vitest';
import { z } from 'zod';
import { aStore } from '../../test/fakes/fake-world.ts';
import { type ApiScope, apiTokenOf } from '../domain/api-token.ts';
import { PROOF_HOLDS_MS } from '../domain/proof.ts';
import { createAnswerer, question } from './answer-questions.ts';

const STORE = aStore();
const TOKEN = apiTokenOf(new Uint8Array(32));
const NOW = new Date('2026-11-25T10:00:00.000Z');

function bench(
  provenMsAgo: number,
  customerId = STORE.customerId,
  {
    impersonatorId,
    role = 'customer',
    hasSecondFactor = role === 'operator',
    scopes = [],
  }: {
    impersonatorId?: string;
    role?: 'customer' | 'operator';
    hasSecondFactor?: boolean;
    scopes?: readonly ApiScope[];
  } = {},
) {
  const told: string[] = [];
  const origins: object[] = [];
  const tell = async (input: { lines?: number }, asker: { store: { id: string }; origin: object }) => {
    told.push(`${asker.store.id} ${input.lines ?? ''}`);
    origins.push(asker.origin);
    return 'told';
  };
  const ask = createAnswerer({
    questions: {
      secret: question({ mayAsk: 'proven-owner', scope: 'credentials:read' }, z.object({}), tell),
      delete: question({ mayAsk: 'proven-operator', scope: null }, z.object({}), tell),
      look: question({ mayAsk: 'proven-operator', scope: 'stores:read' }, z.object({}), tell),
      lines: question(
        { mayAsk: 'owner', scope: 'stores:read' },
        z.object({ lines: z.coerce.number().int().max(500) }),
        tell,
      ),
    },
    findSession: async (token) =>
      token === 'right'
        ? {
            id: 'ses_1',
            customerId,
            email: 'a@example.com',
            isVerified: true,
            role,
            hasSecondFactor,
            provenAt: new Date(NOW.getTime() - provenMsAgo),
            ...(impersonatorId !== undefined && { impersonatorId }),
          }
        : undefined,
    findToken: async (text) =>
      text === TOKEN
        ? {
            id: 'tok_1',
            customerId,
            email: 'a@example.com',
            isVerified: true,
            role,
            hasSecondFactor,
            scopes: new Set(scopes),
          }
        : undefined,
    stores: {
      find: async ({ id, customerId: owner }) =>
        id === STORE.id && (owner === undefined || owner === STORE.customerId) ? STORE : undefined,
    },
    now: () => NOW,
  });
  return { told, origins, ask };
}

const SECRET = { question: 'secret', token: 'right', storeId: STORE.id };
const DELETE = { question: 'delete', token: 'right', storeId: STORE.id };
const LINES = { question: 'lines', token: 'right', storeId: STORE.id, lines: '100' };

test('what needs a fresh proof opens for the owner who has just given her password', async () => {
  const { told, ask } = bench(PROOF_HOLDS_MS);
  expect(await ask(SECRET)).toBe('told');
  expect(told).toEqual([`${STORE.id} `]);
});

test('what needs none opens for the owner whenever her password was given, with what her question was asked with', async () => {
  const { told, ask } = bench(100 * PROOF_HOLDS_MS);
  await ask(LINES);
  expect(told).toEqual([`${STORE.id} 100`]);
});

test('what is for operators opens for one with a fresh proof, about anybody’s store', async () => {
  const { told, ask } = bench(PROOF_HOLDS_MS, 'cus_operator', { role: 'operator' });
  expect(await ask(DELETE)).toBe('told');
  expect(told).toEqual([`${STORE.id} `]);
});

test('who asks stands in the ledger by the session, and from where as the web process tells it', async () => {
  const { origins, ask } = bench(0);
  await ask({ ...LINES, address: '2001:db8::1', requestId: 'req_1' });
  await ask({ ...LINES, actor: 'system' });
  expect(origins).toEqual([
    { actor: STORE.customerId, address: '2001:db8::1', requestId: 'req_1' },
    { actor: STORE.customerId },
  ]);
});

test.each([
  ['a proof that is too old', bench(PROOF_HOLDS_MS + 1), SECRET, 'step_up_required'],
  [
    'an operator who acts as the owner',
    bench(0, STORE.customerId, { impersonatorId: 'cus_operator' }),
    SECRET,
    'not_while_acting',
  ],
  ['no session', bench(0), { ...SECRET, token: 'wrong' }, 'not_signed_in'],
  ["somebody else's store", bench(0, 'cus_other'), SECRET, 'not_found'],
  ["somebody else's lines", bench(0, 'cus_other'), LINES, 'not_found'],
  ["an operator's question by the owner", bench(0), DELETE, 'not_found'],
  [
    'an operator’s old proof',
    bench(PROOF_HOLDS_MS + 1, 'cus_operator', { role: 'operator' }),
    DELETE,
    'step_up_required',
  ],
  ["an owner's question by an operator", bench(0, 'cus_operator', { role: 'operator' }), SECRET, 'not_found'],
  ['no store', bench(0), { question: 'secret', token: 'right' }, 'invalid_input'],
  ['a question that is none', bench(0), { ...SECRET, question: 'nothing' }, 'invalid_input'],
  ['a name that every object has', bench(0), { ...SECRET, question: 'constructor' }, 'invalid_input'],
  ['input that its schema refuses', bench(0), { ...LINES, lines: '501' }, 'invalid_input'],
])('stays shut for %s', async (_what, { told, ask }, request, code) => {
  await expect(ask(request)).rejects.toMatchObject({ code });
  expect(told).toEqual([]);
});

test('a token for programs opens what its scopes name, a fresh proof or not, and only of its own customer', async () => {
  const { told, origins, ask } = bench(100 * PROOF_HOLDS_MS, STORE.customerId, { scopes: ['credentials:read'] });
  await ask({ ...SECRET, token: TOKEN, address: '192.0.2.9', requestId: 'req_2' });
  expect(told).toEqual([`${STORE.id} `]);
  expect(origins).toEqual([{ actor: STORE.customerId, tokenId: 'tok_1', address: '192.0.2.9', requestId: 'req_2' }]);
  await expect(ask({ ...LINES, token: TOKEN })).rejects.toMatchObject({ code: 'scope_missing' });
  const stranger = bench(0, 'cus_other', { scopes: ['credentials:read', 'stores:read'] });
  await expect(stranger.ask({ ...SECRET, token: TOKEN })).rejects.toMatchObject({ code: 'not_found' });
});

test('no token asks what only a person may, nor does an operator’s without a second factor, nor one that is over', async () => {
  const scopes = ['credentials:read', 'stores:read', 'desk:write'] as const;
  const operator = bench(0, 'cus_operator', { role: 'operator', scopes });
  await expect(operator.ask({ ...DELETE, token: TOKEN })).rejects.toMatchObject({ code: 'scope_missing' });
  const customer = bench(0, 'cus_other', { scopes });
  await expect(customer.ask({ ...DELETE, question: 'look', token: TOKEN })).rejects.toMatchObject({
    code: 'not_found',
  });
  expect(customer.told).toEqual([]);
  const bare = bench(0, STORE.customerId, { role: 'operator', hasSecondFactor: false, scopes });
  await expect(bare.ask({ ...SECRET, token: TOKEN })).rejects.toMatchObject({ code: 'second_factor_required' });
  const over = apiTokenOf(new Uint8Array(32).fill(9));
  await expect(bench(0, STORE.customerId, { scopes }).ask({ ...SECRET, token: over })).rejects.toMatchObject({
    code: 'not_signed_in',
  });
});
