import type { StoreState } from './api-world.ts';

/**
 * Who asks, in this order: nobody; Ann, Bob and the operator in their browsers; a program with every scope but the
 * route's, and one with the route's alone; the operator in Ann's place; an operator without a second factor; the
 * operator's program with every scope. The first two programs are Ann's, and the operator's where the route is. What a
 * route names is Ann's.
 */
export const ACTORS = [
  ...(['nobody', 'ann', 'bob', 'operator', 'without scope', 'with scope'] as const),
  ...(['operator as ann', 'operator without factor', 'operator’s program'] as const),
] as const;

type EachOf<All extends readonly unknown[], Value> = { readonly [At in keyof All]: Value };

export interface Permission {
  /** What is sent, where the route takes something. */
  readonly body?: unknown;
  /** How Ann's store is to be; open unless it says so. */
  readonly state?: StoreState;
  /** A status for each of `ACTORS`. */
  readonly gets: EachOf<typeof ACTORS, number>;
}

/** What everybody gets from each route, by its method and path. */
export const PERMISSIONS: Readonly<Record<string, Permission>> = {
  'GET /stores': { gets: [401, 200, 200, 200, 403, 200, 200, 401, 200] },
  'POST /stores': {
    body: { name: 'another-one', platform: 'wordpress', plan: 'business' },
    gets: [401, 202, 202, 202, 403, 202, 403, 401, 202],
  },
  'GET /stores/{storeId}': { gets: [401, 200, 404, 404, 403, 200, 200, 401, 404] },
  'GET /stores/{storeId}/progress': { gets: [401, 200, 404, 404, 403, 200, 200, 401, 404] },
  'GET /stores/{storeId}/events': { gets: [401, 200, 404, 404, 403, 200, 200, 401, 404] },
  'GET /stores/{storeId}/activity': { gets: [401, 200, 404, 404, 403, 200, 200, 401, 404] },
  'GET /stores/{storeId}/plans': { gets: [401, 200, 404, 404, 403, 200, 200, 401, 404] },
  'GET /stores/{storeId}/deletion': { gets: [401, 200, 404, 404, 403, 200, 200, 401, 404] },
  'GET /offer': { gets: [401, 200, 200, 200, 403, 200, 200, 401, 200] },
  'GET /names/{name}': { gets: [401, 200, 200, 200, 403, 200, 200, 401, 200] },
  'POST /stores/{storeId}/retry': { state: 'failed', gets: [401, 202, 404, 404, 403, 202, 202, 401, 404] },
  'POST /stores/{storeId}/pause': { gets: [401, 202, 404, 404, 403, 202, 403, 401, 404] },
  'POST /stores/{storeId}/restart': { gets: [401, 202, 404, 404, 403, 202, 403, 401, 404] },
  'POST /stores/{storeId}/resume': { state: 'paused', gets: [401, 202, 404, 404, 403, 202, 403, 401, 404] },
  'POST /stores/{storeId}/plan': { body: { plan: 'business' }, gets: [401, 202, 404, 404, 403, 202, 403, 401, 404] },
  'POST /stores/{storeId}/deletion': {
    body: { name: 'anns-shop' },
    gets: [401, 202, 404, 404, 403, 202, 403, 401, 404],
  },
  'POST /stores/{storeId}/cancel': {
    body: { name: 'anns-shop' },
    gets: [401, 202, 404, 404, 403, 202, 403, 401, 404],
  },
  'DELETE /stores/{storeId}/deletion': { state: 'going', gets: [401, 202, 404, 404, 403, 202, 403, 401, 404] },
  'GET /stores/{storeId}/logs': { gets: [401, 200, 404, 404, 403, 200, 200, 401, 404] },
  'GET /stores/{storeId}/logs/events': { gets: [401, 200, 404, 404, 403, 200, 200, 401, 404] },
  'GET /stores/{storeId}/credentials': { gets: [401, 200, 404, 404, 403, 200, 403, 401, 404] },
  'POST /stores/{storeId}/credentials/rotate': {
    body: { whose: 'database' },
    gets: [401, 202, 404, 404, 403, 202, 403, 401, 404],
  },
  'POST /stores/{storeId}/admin-link': { gets: [401, 201, 404, 404, 403, 201, 403, 401, 404] },
  'DELETE /stores/{storeId}/admin-link': { gets: [401, 204, 404, 404, 403, 204, 403, 401, 404] },
  'GET /stores/{storeId}/settings': { gets: [401, 200, 404, 404, 403, 200, 200, 401, 404] },
  'PATCH /stores/{storeId}/settings': {
    body: { timezone: 'Europe/Berlin' },
    gets: [401, 202, 404, 404, 403, 202, 403, 401, 404],
  },
  'GET /stores/{storeId}/mail': { gets: [401, 200, 404, 404, 403, 200, 200, 401, 404] },
  'PUT /stores/{storeId}/mail': {
    body: { senderName: 'Flowers', replyTo: null, server: null },
    gets: [401, 200, 404, 404, 403, 200, 403, 401, 404],
  },
  'GET /stores/{storeId}/mail/traffic': { gets: [401, 200, 404, 404, 403, 200, 200, 401, 404] },
  'POST /stores/{storeId}/mail/test': { gets: [401, 200, 404, 404, 403, 200, 403, 401, 404] },
  'GET /stores/{storeId}/page-cache': { gets: [401, 200, 404, 404, 403, 200, 200, 401, 404] },
  'PUT /stores/{storeId}/page-cache': {
    body: { pageCache: 'on', lifetime: '1h' },
    gets: [401, 200, 404, 404, 403, 200, 403, 401, 404],
  },
  'POST /stores/{storeId}/page-cache/purge': { gets: [401, 204, 404, 404, 403, 204, 403, 401, 404] },
  'GET /stores/{storeId}/domains': { gets: [401, 200, 404, 404, 403, 200, 200, 401, 404] },
  'POST /stores/{storeId}/domains': {
    body: { domain: 'another.example.com' },
    gets: [401, 201, 404, 404, 403, 201, 403, 401, 404],
  },
  'GET /stores/{storeId}/domains/{hostname}': { gets: [401, 200, 404, 404, 403, 200, 200, 401, 404] },
  'POST /stores/{storeId}/domains/{hostname}/check': { gets: [401, 202, 404, 404, 403, 202, 403, 401, 404] },
  'PATCH /stores/{storeId}/domains/{hostname}': {
    body: { isRedirecting: true },
    gets: [401, 200, 404, 404, 403, 200, 403, 401, 404],
  },
  'POST /stores/{storeId}/domains/{hostname}/primary': { gets: [401, 202, 404, 404, 403, 202, 403, 401, 404] },
  'DELETE /stores/{storeId}/domains/{hostname}': { gets: [401, 204, 404, 404, 403, 204, 403, 401, 404] },
  'GET /account': { gets: [401, 200, 200, 200, 403, 200, 403, 401, 200] },
  'GET /account/activity': { gets: [401, 200, 200, 200, 403, 200, 403, 401, 200] },
  'GET /account/export': { gets: [401, 200, 200, 200, 403, 403, 403, 401, 403] },
  'GET /account/second-factors': { gets: [401, 200, 200, 200, 403, 403, 403, 401, 403] },
  'POST /account/verification': { gets: [401, 204, 204, 204, 403, 403, 403, 401, 403] },
  'POST /account/email': {
    body: { email: 'elsewhere@example.com' },
    gets: [401, 202, 202, 202, 403, 403, 403, 401, 403],
  },
  'POST /account/deletion': {
    body: { email: 'anns-shop@example.com' },
    gets: [401, 202, 422, 409, 403, 403, 403, 401, 403],
  },
  'DELETE /account/deletion': { gets: [401, 409, 409, 409, 403, 403, 403, 401, 403] },
  'GET /sessions': { gets: [401, 200, 200, 200, 403, 403, 403, 401, 403] },
  'DELETE /sessions': { gets: [401, 200, 200, 200, 403, 403, 403, 401, 403] },
  'DELETE /sessions/{sessionId}': { gets: [401, 204, 404, 404, 403, 403, 403, 401, 403] },
  'GET /tokens': { gets: [401, 200, 200, 200, 403, 200, 403, 401, 200] },
  'POST /tokens': {
    body: { name: 'nightly', scopes: ['stores:read'] },
    gets: [401, 201, 201, 201, 403, 403, 403, 401, 403],
  },
  'DELETE /tokens/{tokenId}': { gets: [401, 204, 404, 404, 403, 204, 403, 401, 404] },
  'GET /webhooks': { gets: [401, 200, 200, 200, 403, 200, 403, 401, 200] },
  'POST /webhooks': {
    body: { name: 'Books', url: 'https://hooks.example.com/', events: ['store.active'] },
    gets: [401, 201, 201, 201, 403, 201, 403, 401, 201],
  },
  'GET /webhooks/{webhookId}': { gets: [401, 200, 404, 404, 403, 200, 403, 401, 404] },
  'PATCH /webhooks/{webhookId}': { body: { isEnabled: false }, gets: [401, 200, 404, 404, 403, 200, 403, 401, 404] },
  'DELETE /webhooks/{webhookId}': { gets: [401, 204, 404, 404, 403, 204, 403, 401, 404] },
  'POST /webhooks/{webhookId}/secret': { gets: [401, 201, 404, 404, 403, 201, 403, 401, 404] },
  'POST /webhooks/{webhookId}/test': { gets: [401, 202, 404, 404, 403, 202, 403, 401, 404] },
  'GET /webhooks/{webhookId}/deliveries': { gets: [401, 200, 404, 404, 403, 200, 403, 401, 404] },
  'POST /webhooks/{webhookId}/deliveries/{deliveryId}/resend': { gets: [401, 202, 404, 404, 403, 202, 403, 401, 404] },
  'GET /admin/overview': { gets: [401, 404, 404, 200, 403, 200, 404, 401, 200] },
  'GET /admin/stores': { gets: [401, 404, 404, 200, 403, 200, 404, 401, 200] },
  'GET /admin/stores/{storeId}': { gets: [401, 404, 404, 200, 403, 200, 404, 401, 200] },
  'GET /admin/customers': { gets: [401, 404, 404, 200, 403, 200, 404, 401, 200] },
  'GET /admin/customers/{customerId}': { gets: [401, 404, 404, 200, 403, 200, 404, 401, 200] },
  'GET /admin/runs': { gets: [401, 404, 404, 200, 403, 200, 404, 401, 200] },
  'GET /admin/runs/{runId}': { gets: [401, 404, 404, 200, 403, 200, 404, 401, 200] },
  'GET /admin/ledger': { gets: [401, 404, 404, 200, 403, 200, 404, 401, 200] },
  'GET /admin/ledger/export': { gets: [401, 404, 404, 200, 403, 200, 404, 401, 200] },
  'GET /admin/mail': { gets: [401, 404, 404, 200, 403, 200, 404, 401, 200] },
  'GET /admin/mail/{mailId}': { gets: [401, 404, 404, 200, 403, 200, 404, 401, 200] },
  'GET /admin/settings': { gets: [401, 404, 404, 200, 403, 200, 404, 401, 200] },
  'POST /admin/stores/{storeId}/retry': { state: 'failed', gets: [401, 404, 404, 202, 403, 202, 404, 401, 202] },
  'POST /admin/stores/{storeId}/repair': { gets: [401, 404, 404, 202, 403, 202, 404, 401, 202] },
  'POST /admin/stores/{storeId}/suspend': {
    body: { reason: 'it was asked for' },
    gets: [401, 404, 404, 202, 403, 202, 404, 401, 202],
  },
  'POST /admin/stores/{storeId}/resume': { state: 'suspended', gets: [401, 404, 404, 202, 403, 202, 404, 401, 202] },
  'POST /admin/stores/{storeId}/plan': {
    body: { plan: 'business' },
    gets: [401, 404, 404, 202, 403, 202, 404, 401, 202],
  },
  'POST /admin/stores/{storeId}/delete': {
    body: { name: 'anns-shop' },
    gets: [401, 404, 404, 204, 404, 404, 404, 401, 403],
  },
  'POST /admin/mail/{mailId}/resend': { gets: [401, 404, 404, 204, 403, 204, 404, 401, 204] },
  'POST /admin/mail': {
    body: { email: 'elsewhere@example.com' },
    gets: [401, 404, 404, 204, 403, 204, 404, 401, 204],
  },
  'PATCH /admin/settings': { body: { banner: 'Back at ten.' }, gets: [401, 404, 404, 200, 403, 200, 404, 401, 200] },
};
