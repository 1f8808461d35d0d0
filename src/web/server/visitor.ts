import { isIP } from 'node:net';
import type { Context } from 'hono';
import type { Visitor } from '../services.ts';
import type { RequestFacts } from './request-facts.ts';

/**
 * Where our edge connects from, and nobody who does not mean to (`proxy_bind` in adapters/edge): only then are its
 * `X-Forwarded-*` believed. The edge overwrites whatever a client sent under these names.
 */
export const EDGE_ADDRESS = '127.0.0.2';

const MAX_AGENT_LENGTH = 255;

/** Who asks: the address that the edge saw, else the one that is connected to us. */
export function visitorOf(context: Context<RequestFacts>, device: string | undefined): Visitor {
  const peer = plain(context.env.incoming.socket.remoteAddress ?? '');
  const forwarded = context.req.header('x-forwarded-for')?.trim() ?? '';
  return {
    address: peer === EDGE_ADDRESS && isIP(forwarded) !== 0 ? forwarded : peer,
    requestId: context.get('requestId'),
    userAgent: (context.req.header('user-agent') ?? '').slice(0, MAX_AGENT_LENGTH),
    device,
  };
}

/** An IPv4 address as itself, also where the socket shows it inside an IPv6 one. */
function plain(address: string): string {
  return address.startsWith('::ffff:') ? address.slice('::ffff:'.length) : address;
}
