import { directive as d } from './config-facts.ts';
import { type Directive, literal, port } from './nginx-syntax.ts';

/** What a shop is told of how it was reached, and from where. */
export function forwardedHeaders({ httpsPort }: { readonly httpsPort: number }): Directive[] {
  return [
    d('proxy_set_header', literal('Connection'), literal('$edge_connection')),
    d('proxy_set_header', literal('Host'), literal('$edge_forwarded_host')),
    d('proxy_set_header', literal('X-Real-IP'), literal('$remote_addr')),
    d('proxy_set_header', literal('X-Forwarded-For'), literal('$remote_addr')),
    d('proxy_set_header', literal('X-Forwarded-Proto'), literal('https')),
    d('proxy_set_header', literal('X-Forwarded-Host'), literal('$edge_forwarded_host')),
    d('proxy_set_header', literal('X-Forwarded-Port'), port(httpsPort)),
  ];
}
