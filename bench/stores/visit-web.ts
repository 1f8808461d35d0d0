import { type Agent, request } from 'node:http';
import { SECOND } from '../../src/lib/time.ts';
import type { Answer } from '../../test/e2e/platform.ts';

const WITHIN_MS = 60 * SECOND;

export interface WebAddress {
  readonly port: number;
  /** As visitors write it, with the edge's port. */
  readonly host: string;
  readonly agent: Agent;
}

export interface WebVisit {
  readonly cookie?: string;
  /** Posted as a form where there is one. */
  readonly form?: Readonly<Record<string, string>>;
  /** Packed as for browsers; the body is then of no use. */
  readonly packed?: true;
}

/** Asks a store's web container itself, by the port that only its edge asks otherwise. Resolves with the last byte. */
export function visitWeb({ port, host, agent }: WebAddress, path: string, visit: WebVisit = {}): Promise<Answer> {
  const body = visit.form === undefined ? undefined : new URLSearchParams(visit.form).toString();
  const headers = {
    host,
    ...(visit.cookie === undefined ? {} : { cookie: visit.cookie }),
    ...(visit.packed === undefined ? {} : { 'accept-encoding': 'gzip' }),
    ...(body === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }),
  };
  const method = body === undefined ? 'GET' : 'POST';
  return new Promise((resolve, reject) => {
    const call = request({ host: '127.0.0.1', port, path, method, headers, agent, timeout: WITHIN_MS }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => (text += chunk));
      response.once('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }));
      response.once('error', reject);
    });
    call.once('error', reject);
    call.once('timeout', () => call.destroy(new Error(`${host}${path} did not answer.`)));
    call.end(body);
  });
}
