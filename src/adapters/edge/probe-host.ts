import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { type RequestOptions, request } from 'node:https';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import {
  type ConnectionOptions,
  createSecureContext,
  rootCertificates,
  type SecureContext,
  type TLSSocket,
} from 'node:tls';
import { AppError } from '../../domain/errors.ts';
import { SECOND } from '../../lib/time.ts';
import { ignoreMissing } from './configuration-trees.ts';
import type { ProbeOptions, ProbeResult, SeenState } from './edge.ts';

export interface ProbeTarget {
  /** Dialled as it is: what DNS says of the name does not matter here. */
  readonly address: string;
  readonly port: number;
  readonly hostname: string;
  readonly caFile: string;
  /** Where the name's certificate is, when it has one. */
  readonly certificateFolder: string | undefined;
  /** What opens the door to the platform alone: see opened-doors.ts. */
  readonly key?: string;
}

const PROBE_TIMEOUT = 15 * SECOND;
const HEADERS_AS = {
  // A cookie that nobody knows: the shop itself is asked, and no kept page says that it is well.
  platform: { cookie: 'look=1' },
  // What browsers ask for, packed: the page that is made for one is kept for the others.
  visitor: { 'accept-encoding': 'gzip' },
};
const PAGES: readonly SeenState[] = ['making', 'failed', 'suspended', 'down', 'unknown', 'platform-down'];

/** One handshake with the name as SNI and one GET with it as Host. Throws unless both are as asked. */
export async function probeHost(target: ProbeTarget, options: ProbeOptions, signal: AbortSignal): Promise<ProbeResult> {
  const { response, socket } = await ask(target, options, signal);
  const shown = socket.getPeerX509Certificate();
  // A page that is to be kept is read to its end.
  if (target.key === undefined) response.destroy();
  else await finished(response.resume(), { signal });
  if (options.certificate !== 'any' && !socket.authorized && !(await isOurs(shown, target))) {
    throw new AppError(
      'certificate_failed',
      `${target.hostname} shows a wrong certificate: ${String(socket.authorizationError)}`,
      {
        hint: 'Try again in a moment; if it stays, run: shopctl doctor',
        retryable: true,
      },
    );
  }
  const seen = { state: stateOf(response), status: response.statusCode ?? 0 };
  if (seen.state === options.expectState) return seen;
  throw new AppError(
    'route_unreachable',
    `${target.hostname} should be ${options.expectState}, but visitors see: ${seen.state} (status ${seen.status}).`,
    {
      hint: seen.state === 'down' ? "Look at the store's log: shopctl store logs ID" : 'Run: shopctl doctor',
      retryable: true,
    },
  );
}

/**
 * An authority that this machine does not trust (staging, a private one) is the operator's choice: then the name must
 * be shown the very certificate that we have for it, made for it and valid now.
 */
async function isOurs(
  shown: X509Certificate | undefined,
  { hostname, certificateFolder }: ProbeTarget,
): Promise<boolean> {
  if (shown === undefined || certificateFolder === undefined) return false;
  const kept = new X509Certificate(await readFile(join(certificateFolder, 'fullchain.pem')));
  const isNow = new Date(shown.validFrom) <= new Date() && new Date() <= new Date(shown.validTo);
  return kept.fingerprint256 === shown.fingerprint256 && isNow && shown.checkHost(hostname) !== undefined;
}

async function ask(
  { address, port, hostname, caFile, key }: ProbeTarget,
  { path = '/', as = 'platform' }: Pick<ProbeOptions, 'path' | 'as'>,
  signal: AbortSignal,
): Promise<{ response: IncomingMessage; socket: TLSSocket }> {
  const ca = await readFile(caFile, 'utf8').catch(ignoreMissing);
  return await new Promise((resolve, reject) => {
    let socket: TLSSocket | undefined;
    const options: RequestOptions & Pick<ConnectionOptions, 'secureContext'> = {
      host: address,
      port,
      servername: hostname,
      path,
      headers: {
        host: port === 443 ? hostname : `${hostname}:${port}`,
        'user-agent': 'shopctl',
        ...HEADERS_AS[as],
        ...(key === undefined ? {} : { 'x-edge-look': key }),
      },
      secureContext: trusting(ca),
      // Judged by hand, so that the reason can be told; nothing secret is sent.
      rejectUnauthorized: false,
      agent: false,
      signal: AbortSignal.any([signal, AbortSignal.timeout(PROBE_TIMEOUT)]),
    };
    const asked = request(options);
    asked.on('socket', (used) => (socket = used as TLSSocket));
    asked.on('response', (response) => {
      if (socket !== undefined) resolve({ response, socket });
    });
    asked.on('error', (error) => reject(signal.aborted ? signal.reason : unreachable(hostname, error)));
    asked.end();
  });
}

let trusted: { readonly ca: string | undefined; readonly context: SecureContext } | undefined;

/** The public authorities and ours. To read them all takes a processor thirty milliseconds, and a new shop waits for it. */
function trusting(ca: string | undefined): SecureContext {
  if (trusted === undefined || trusted.ca !== ca) {
    const context = createSecureContext({ ca: ca === undefined ? [...rootCertificates] : [...rootCertificates, ca] });
    trusted = { ca, context };
  }
  return trusted.context;
}

/** Refused while shaking hands is a matter of certificates; everything else one of reaching the edge. */
function unreachable(hostname: string, error: Error): AppError {
  const code = 'code' in error ? String(error.code) : '';
  if (code === 'EPROTO' || code.startsWith('ERR_SSL') || code.startsWith('ERR_TLS')) {
    return new AppError('certificate_failed', `The edge cannot show a certificate for ${hostname}: ${error.message}`, {
      cause: error,
      hint: 'Its key must be readable for the edge: run shopctl doctor.',
      retryable: true,
    });
  }
  return new AppError('route_unreachable', `The edge does not answer for ${hostname}: ${error.message}`, {
    cause: error,
    hint: 'Start it: shopctl up',
    retryable: true,
  });
}

/** Our own pages carry their name in a header that no shop can set. */
function stateOf(response: IncomingMessage): SeenState {
  const page = response.headers['x-edge-page'];
  return PAGES.find((state) => state === page) ?? 'live';
}
