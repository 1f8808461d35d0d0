import { createHash } from 'node:crypto';
import { request } from 'node:http';
import type { HandOverPage } from '../../domain/installed-shop.ts';
import { MILLISECOND, SECOND } from '../../lib/time.ts';

/** It takes a tenth of a second; on a machine that is very busy the installer's own way is as good. */
const WITHIN_MS = 20 * SECOND;
/** On the same machine a connection is there or refused at once; one that hangs leads nowhere. */
const CONNECTED_WITHIN_MS = 500 * MILLISECOND;
const MAX_ANSWER_BYTES = 64 * 1024;

/** One that is reached from this machine. */
type ReachablePage = HandOverPage & { readonly address: string };

/**
 * Hands a shop that waits to its owner by its own web server. Resolves with what it answered, as JSON, or with `undefined`
 * where it did not do so: it is not nobody's, has no such page, or cannot be reached from here. Then the installer is to be
 * run, which is safe whatever became of this. Rejects only when the signal aborts.
 */
export async function askForHandOver(page: ReachablePage, input: object, signal: AbortSignal): Promise<unknown> {
  const body = Buffer.from(JSON.stringify(input));
  const within = AbortSignal.any([signal, AbortSignal.timeout(WITHIN_MS)]);
  const answer = await post(page, body, within).catch(() => undefined);
  signal.throwIfAborted();
  return answer === undefined ? undefined : jsonOf(answer);
}

function post(
  { address, port, path, key }: ReachablePage,
  body: Buffer,
  signal: AbortSignal,
): Promise<string | undefined> {
  const headers = {
    'content-type': 'application/json',
    'content-length': body.length,
    'x-shop-key': createHash('sha256').update(`hand over ${key}`).digest('hex'),
  };
  return new Promise((resolve, reject) => {
    const call = request({ host: address, port, path, method: 'POST', headers, signal, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      let bytes = 0;
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes > MAX_ANSWER_BYTES) response.destroy(new Error('It answers more than there is to say.'));
        else chunks.push(chunk);
      });
      response.once('error', reject);
      response.once('end', () =>
        resolve(response.statusCode === 200 ? Buffer.concat(chunks).toString('utf8') : undefined),
      );
    });
    const hangs = setTimeout(() => call.destroy(new Error('It cannot be reached.')), CONNECTED_WITHIN_MS);
    const stopWaiting = (): void => clearTimeout(hangs);
    call.once('socket', (socket) => socket.once('connect', stopWaiting));
    call.once('close', stopWaiting);
    call.once('error', reject);
    call.end(body);
  });
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
