import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommand } from '../../src/adapters/process/run-command.ts';
import { startProgram } from '../../src/adapters/process/start-program.ts';
import type { Store } from '../../src/domain/store.ts';
import { probeUntil } from '../../src/lib/deadline.ts';
import { MINUTE } from '../../src/lib/time.ts';
import { isListening } from './is-listening.ts';

/** The seed's reverse proxy: one file per store, tested and reloaded for each. */
export interface SeedNginx {
  readonly httpsPort: number;
  /** The master's. */
  readonly pid: number;
  publish(store: Pick<Store, 'domain' | 'port'>, certificateFolder: string | undefined): Promise<void>;
  withdraw(store: Pick<Store, 'domain'>): Promise<void>;
  stop(): Promise<void>;
}

/** Ten thousand files take it long. */
const RELOAD_WITHIN_MS = 5 * MINUTE;

/** What the seed knows of a site. */
export interface SeedSite {
  readonly domain: string;
  readonly port: number;
  readonly certificateFolder: string | undefined;
}

/** The sites that are there already, if any, are those of `sites`. */
export async function startSeedNginx(
  folder: string,
  httpsPort: number,
  before: readonly SeedSite[] = [],
): Promise<SeedNginx> {
  const sites = join(folder, 'sites');
  await mkdir(sites, { recursive: true });
  for (const site of before) await writeFile(join(sites, `${site.domain}.conf`), siteFile(site, httpsPort));
  const configuration = join(folder, 'nginx.conf');
  await writeFile(
    configuration,
    `user root; worker_processes 2; pid ${folder}/nginx.pid; error_log ${folder}/error.log; daemon off;
events { worker_connections 1024; }
http {
  access_log off; server_names_hash_bucket_size 128; server_names_hash_max_size 65536;
  # Magento's answers have heads that nginx' own 4k do not hold.
  proxy_buffer_size 16k; proxy_buffers 8 32k;
  client_body_temp_path ${folder}/body; proxy_temp_path ${folder}/proxy; fastcgi_temp_path ${folder}/fcgi;
  uwsgi_temp_path ${folder}/uwsgi; scgi_temp_path ${folder}/scgi;
  server { listen 127.0.0.1:${httpsPort - 1}; return 404; }
  include ${sites}/*.conf;
}`,
  );
  const command = ['-c', configuration, '-e', join(folder, 'error.log')];
  const running = await startProgram('nginx', command, { onLine: () => undefined });
  await probeUntil(() => isListening(httpsPort - 1), {
    signal: AbortSignal.timeout(MINUTE),
    firstDelayMs: 10,
    maxDelayMs: 100,
  });

  async function reload(): Promise<void> {
    await runCommand('nginx', [...command, '-t'], { timeoutMs: RELOAD_WITHIN_MS });
    await runCommand('nginx', [...command, '-s', 'reload'], { timeoutMs: RELOAD_WITHIN_MS });
  }
  return {
    httpsPort,
    pid: running.pid,
    async publish({ domain, port }, certificateFolder) {
      await writeFile(join(sites, `${domain}.conf`), siteFile({ domain, port, certificateFolder }, httpsPort));
      await reload();
    },
    async withdraw({ domain }) {
      await rm(join(sites, `${domain}.conf`), { force: true });
      await reload();
    },
    async stop() {
      running.kill('SIGTERM');
      await running.ended;
    },
  };
}

function siteFile({ domain, port, certificateFolder }: SeedSite, httpsPort: number): string {
  const proxy = `location / { proxy_pass http://127.0.0.1:${port}; proxy_set_header Host $http_host; proxy_set_header X-Forwarded-Proto https; }`;
  const plain = `server { listen 127.0.0.1:${httpsPort - 1}; server_name ${domain}; ${proxy} }`;
  const secure =
    certificateFolder === undefined
      ? ''
      : `server { listen 127.0.0.1:${httpsPort} ssl; server_name ${domain}; ssl_certificate ${certificateFolder}/fullchain.pem; ssl_certificate_key ${certificateFolder}/privkey.pem; ${proxy} }`;
  return `${plain}\n${secure}\n`;
}
