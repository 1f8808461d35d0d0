import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CertificateError } from '../../domain/certificates.ts';
import { MINUTE, SECOND } from '../../lib/time.ts';
import { CommandFailedError, runCommand } from '../process/run-command.ts';
import { isAboutLostAccount, isOnlyAboutNonces, readRefusal } from './read-refusal.ts';

export interface CertbotOptions {
  readonly dataDir: string;
  /** What the edge serves under `/.well-known/acme-challenge/` lies below this folder. */
  readonly webroot: string;
  readonly directory: string;
  readonly email: string;
  /** Whom to trust when talking to a private authority. */
  readonly caFile?: string | undefined;
  /** The operator's program that puts and removes DNS records: called as `HOOK add` and `HOOK remove`. */
  readonly dnsHook?: string | undefined;
  /** Brings certbot onto this machine when it is not there. */
  readonly ensureInstalled: (signal: AbortSignal) => Promise<void>;
  readonly timeouts?: { readonly httpMs: number; readonly dnsMs: number };
}

export interface CertificateOrder {
  /** Exactly this name; with `*.` in front it is proven by DNS. */
  readonly name: string;
  /** PKCS #10, PEM. */
  readonly request: string;
}

/** Talks to one ACME authority. Not more than one order at a time: certbot locks its folders, callers take turns. */
export interface Certbot {
  readonly directory: string;
  /**
   * The certificate with its chain, PEM. Throws `CertificateError` with the authority's own reason; keeps nothing but
   * the account and the last two logs. After an abort certbot is gone.
   */
  order(order: CertificateOrder, signal: AbortSignal): Promise<string>;
}

/** An authority answers within seconds; certbot itself would wait 45 s for each of its answers. */
const HTTP_TIMEOUT_MS = 90 * SECOND;
/** The hook waits until the world sees its record. */
const DNS_TIMEOUT_MS = 10 * MINUTE;
const ORDER = 'order-';
const LOG_FILE = 'letsencrypt.log';
const LOG_TAIL = 4000;
/** Where 15 of 100 nonces are thrown away, as Pebble does by itself, each try fails one time in five. */
const ATTEMPTS = 8;

/** certbot on this machine, with folders of its own below DATA_DIR: it never sees, or renews, what others keep in /etc. */
export function createCertbot(options: CertbotOptions): Certbot {
  const root = join(options.dataDir, 'certbot');
  const folders = { config: join(root, 'config'), work: join(root, 'work'), logs: join(root, 'logs') };
  const { httpMs, dnsMs } = options.timeouts ?? { httpMs: HTTP_TIMEOUT_MS, dnsMs: DNS_TIMEOUT_MS };

  function argumentsFor(folder: string, isByDns: boolean): string[] {
    return [
      'certonly',
      '--non-interactive',
      '--agree-tos',
      '--no-eff-email',
      `--email=${options.email}`,
      `--server=${options.directory}`,
      `--config-dir=${folders.config}`,
      `--work-dir=${folders.work}`,
      `--logs-dir=${folders.logs}`,
      '--no-directory-hooks',
      `--csr=${join(folder, 'request.pem')}`,
      `--cert-path=${join(folder, 'certificate.pem')}`,
      `--chain-path=${join(folder, 'chain.pem')}`,
      `--fullchain-path=${join(folder, 'fullchain.pem')}`,
      ...(isByDns ? dnsArguments(options.dnsHook) : ['--webroot', `--webroot-path=${options.webroot}`]),
    ];
  }

  async function readLog(): Promise<string> {
    return await readFile(join(folders.logs, LOG_FILE), 'utf8').catch(() => '');
  }

  const { host, pathname } = new URL(options.directory);
  /** Where certbot keeps who it is at this authority. */
  const accountFolder = join(folders.config, 'accounts', host, ...pathname.split('/').filter((part) => part !== ''));

  /**
   * An authority that throws nonces away has refused nothing, and certbot itself asks only once more. One that does not
   * know our account any more gets a new one: the account is worth nothing, the names prove themselves.
   */
  async function ask(folder: string, isByDns: boolean, signal: AbortSignal): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        await runCommand('certbot', argumentsFor(folder, isByDns), {
          signal,
          timeoutMs: 2 * DNS_TIMEOUT_MS,
          ...(options.caFile === undefined ? {} : { env: { REQUESTS_CA_BUNDLE: options.caFile } }),
        });
        return;
      } catch (thrown) {
        if (signal.aborted || attempt === ATTEMPTS) throw thrown;
        const log = await readLog();
        if (isAboutLostAccount(log)) await rm(accountFolder, { recursive: true, force: true });
        else if (!isOnlyAboutNonces(log)) throw thrown;
      }
    }
  }

  return {
    directory: options.directory,
    async order({ name, request }, signal) {
      await options.ensureInstalled(signal);
      for (const folder of Object.values(folders)) await mkdir(folder, { recursive: true, mode: 0o700 });
      // One log per order, so that a reason is never somebody else's.
      await rename(join(folders.logs, LOG_FILE), join(folders.logs, `${LOG_FILE}.before`)).catch(() => undefined);
      await forgetBrokenOff(root);
      const folder = await mkdtemp(join(root, ORDER));
      const isByDns = name.startsWith('*.');
      const limit = AbortSignal.timeout(isByDns ? dnsMs : httpMs);
      try {
        await writeFile(join(folder, 'request.pem'), request, { mode: 0o600 });
        await ask(folder, isByDns, AbortSignal.any([signal, limit]));
        return await readFile(join(folder, 'fullchain.pem'), 'utf8');
      } catch (thrown) {
        signal.throwIfAborted();
        if (!(thrown instanceof CommandFailedError)) throw thrown;
        const log = await readLog();
        const tail = { cause: thrown, logTail: log.slice(-LOG_TAIL) };
        if (limit.aborted) throw silent(name, options.directory, tail);
        const { trouble, reason } = readRefusal(log, thrown.stderrTail);
        throw new CertificateError(name, trouble, { reason, hint: HINTS[trouble], ...tail });
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    },
  };
}

const HINTS = {
  refused: 'Mend what the authority names, then: shopctl certificate issue NAME',
  'rate-limited': 'Wait, or use one wildcard for all stores: docs/operating/certificates.md',
  unreachable: 'Check ACME_DIRECTORY and that this machine reaches it; it is asked again by itself.',
} as const;

/** Orders come one at a time: what is there when one begins was left by a process that died. */
async function forgetBrokenOff(root: string): Promise<void> {
  const left = (await readdir(root)).filter((name) => name.startsWith(ORDER));
  for (const name of left) await rm(join(root, name), { recursive: true, force: true });
}

/** certbot hands hooks to a shell: the settings take no path that a shell would read as more than one word. */
function dnsArguments(hook: string | undefined): string[] {
  if (hook === undefined) throw new Error('A wildcard is proven by DNS, which needs a hook.');
  return [
    '--manual',
    '--preferred-challenges=dns',
    `--manual-auth-hook=${hook} add`,
    `--manual-cleanup-hook=${hook} remove`,
  ];
}

function silent(name: string, directory: string, tail: { cause: unknown; logTail: string }): CertificateError {
  return new CertificateError(name, 'unreachable', {
    reason: `${new URL(directory).host} gave no answer in time.`,
    hint: HINTS.unreachable,
    ...tail,
  });
}
