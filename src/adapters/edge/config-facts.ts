import type { EdgeFolders } from './edge-folders.ts';
import type { Directive, Leaf } from './nginx-syntax.ts';

/** Everything nginx.conf is made from. */
export interface ConfigFacts {
  readonly folders: EdgeFolders;
  /** Folder of the certificate for names that have none. */
  readonly fallbackCertificate: string;
  readonly user: string;
  readonly httpPort: number;
  readonly httpsPort: number;
  /** IPv4 addresses, and IPv6 ones in brackets. */
  readonly addresses: readonly string[];
  readonly platformHost: string;
  readonly webPort: number;
  readonly hostCount: number;
  /** What pages of all shops together may take on disk; 0: none are kept. */
  readonly pageCacheMb: number;
  readonly generation: string;
  /** Since nginx 1.25.1 `http2` is a directive; before, a parameter of `listen`. */
  readonly http2: 'directive' | 'parameter';
}

export function directive(name: string | Leaf, ...args: readonly Leaf[]): Directive {
  return { name, args };
}

export function block(name: string, args: readonly Leaf[], inner: readonly Directive[]): Directive {
  return { name, args, block: inner };
}
