import { z } from 'zod';
import { LEDGER_RESULTS } from '../../../domain/ledger.ts';
import { OUTBOX_STATUSES } from '../../../domain/outbox.ts';
import { defineRoute, defineStream } from '../define-route.ts';
import { cursorOf, LIMIT, NUMBER_CURSOR, pageOf, ROW_CURSOR, type RowPlace, writeCursor } from '../paging.ts';
import { idOf, OF_STORE } from '../schemas/common.ts';
import {
  DESK_CUSTOMER,
  DESK_CUSTOMER_DETAILS,
  DESK_OVERVIEW,
  DESK_RUN,
  DESK_RUN_DETAILS,
  DESK_SETTINGS,
  DESK_STORE,
  DESK_STORE_DETAILS,
  LEDGER_LINE,
  MAIL,
  MAIL_PREVIEW,
} from '../schemas/desk.ts';
import { PLATFORM, RUN_KIND, RUN_STATUS, STORE_STATUS } from '../schemas/stores.ts';

const READ = { method: 'get', tag: 'Desk', who: 'operator', scope: 'desk:read' } as const;

const LONGEST = 254;
const words = () => z.string().max(LONGEST).optional();
const q = words().meta({ description: 'What an id, name, domain or address begins with.' });
const LEDGER_WISH = {
  q: words().meta({ description: 'A store, an account, a token, a request, else what was acted on.' }),
  actor: words(),
  action: words().meta({ description: '`store.deleted`, or a whole group: `store`.' }),
  result: z.enum(LEDGER_RESULTS).optional(),
  since: z.iso.date().optional(),
  until: z.iso.date().optional(),
};

/** As the desk's lists take a place. */
const beforeOf = (cursor: RowPlace | undefined): string | undefined => cursor && `${cursor.at}~${cursor.id}`;

interface DeskRows<Row> {
  readonly rows: readonly Row[];
  readonly pages: number;
}

/** Behind the last row, while there are more pages than this one. */
function asPage<Row extends { readonly createdAt: string; readonly id: string }>({ rows, pages }: DeskRows<Row>) {
  const last = rows.at(-1);
  const hasMore = pages > 1 && last !== undefined;
  return { items: rows, next: hasMore ? writeCursor({ at: last.createdAt, id: last.id }) : null };
}

/** What operators see. */
export const DESK_ROUTES = [
  defineRoute(
    { ...READ, path: '/admin/overview', id: 'getOverview', summary: 'Does the platform work?', answer: DESK_OVERVIEW },
    ({ services }) => services.desk.overview(),
  ),
  defineRoute(
    {
      ...READ,
      path: '/admin/stores',
      id: 'listAllStores',
      summary: 'Everybody’s stores, newest first',
      query: z.strictObject({
        q,
        status: STORE_STATUS.optional(),
        platform: PLATFORM.optional(),
        plan: words(),
        cursor: ROW_CURSOR,
      }),
      answer: pageOf(DESK_STORE),
    },
    async ({ query: { cursor, ...wish }, services }) =>
      asPage(await services.desk.stores({ ...wish, before: beforeOf(cursor) })),
  ),
  defineRoute(
    {
      ...READ,
      path: '/admin/stores/{storeId}',
      id: 'getAnyStore',
      summary: 'Anybody’s store, with its place on the machine and its runs',
      params: OF_STORE,
      answer: DESK_STORE_DETAILS,
    },
    ({ params, services }) => services.desk.store(params.storeId),
  ),
  defineRoute(
    {
      ...READ,
      path: '/admin/customers',
      id: 'listCustomers',
      summary: 'Customers, newest first',
      query: z.strictObject({ q, role: z.enum(['customer', 'operator']).optional(), cursor: ROW_CURSOR }),
      answer: pageOf(DESK_CUSTOMER),
    },
    async ({ query: { cursor, ...wish }, services }) =>
      asPage(await services.desk.customers({ ...wish, before: beforeOf(cursor) })),
  ),
  defineRoute(
    {
      ...READ,
      path: '/admin/customers/{customerId}',
      id: 'getCustomer',
      summary: 'A customer and their stores',
      params: z.object({ customerId: idOf('cus') }),
      answer: DESK_CUSTOMER_DETAILS,
    },
    ({ params, services }) => services.desk.customer(params.customerId),
  ),
  defineRoute(
    {
      ...READ,
      path: '/admin/runs',
      id: 'listRuns',
      summary: 'Runs, newest first',
      query: z.strictObject({ q, status: RUN_STATUS.optional(), kind: RUN_KIND.optional(), cursor: ROW_CURSOR }),
      answer: pageOf(DESK_RUN),
    },
    async ({ query: { cursor, ...wish }, services }) =>
      asPage(await services.desk.runs({ ...wish, before: beforeOf(cursor) })),
  ),
  defineRoute(
    {
      ...READ,
      path: '/admin/runs/{runId}',
      id: 'getRun',
      summary: 'A run with its journal',
      params: z.object({ runId: idOf('run') }),
      answer: DESK_RUN_DETAILS,
    },
    ({ params, services }) => services.desk.run(params.runId),
  ),
  defineRoute(
    {
      ...READ,
      path: '/admin/ledger',
      id: 'listLedger',
      summary: 'The ledger, newest first',
      query: z.strictObject({ ...LEDGER_WISH, cursor: NUMBER_CURSOR }),
      answer: pageOf(LEDGER_LINE),
    },
    async ({ query: { cursor, ...wish }, services }) => {
      const { lines, before } = await services.desk.ledger({ ...wish, before: cursor?.toString() });
      return { items: lines, next: before === null ? null : writeCursor(before) };
    },
  ),
  defineStream(
    {
      ...READ,
      path: '/admin/ledger/export',
      id: 'exportLedger',
      summary: 'All lines that fit, as a file for a spreadsheet',
      query: z.strictObject(LEDGER_WISH),
      media: { type: 'text/csv', description: 'RFC 4180; no cell is a formula.' },
    },
    async ({ query, services }) => {
      const pieces = ReadableStream.from(services.desk.ledgerCsv(query));
      return new Response(pieces.pipeThrough(new TextEncoderStream()), {
        headers: {
          'Content-Type': 'text/csv; charset=utf-8',
          'Content-Disposition': 'attachment; filename="ledger.csv"',
        },
      });
    },
  ),
  defineRoute(
    {
      ...READ,
      path: '/admin/mail',
      id: 'listMail',
      summary: 'The outbox, newest first',
      query: z.strictObject({
        status: z.enum(OUTBOX_STATUSES).optional(),
        kind: words(),
        recipient: words(),
        storeId: idOf('sto').optional(),
        cursor: cursorOf(idOf('msg')),
        limit: LIMIT,
      }),
      answer: pageOf(MAIL),
    },
    async ({ query: { cursor, ...wish }, services }) => {
      const { items, before } = await services.mail.list({ ...wish, before: cursor });
      return { items, next: before === null ? null : writeCursor(before) };
    },
  ),
  defineRoute(
    {
      ...READ,
      path: '/admin/mail/{mailId}',
      id: 'previewMail',
      summary: 'What a mail says; its links open nothing',
      params: z.object({ mailId: idOf('msg') }),
      answer: MAIL_PREVIEW,
    },
    ({ params, services }) => services.mail.preview(params.mailId),
  ),
  defineRoute(
    { ...READ, path: '/admin/settings', id: 'getSettings', summary: 'What operators have set', answer: DESK_SETTINGS },
    ({ services }) => services.desk.settings(),
  ),
];
