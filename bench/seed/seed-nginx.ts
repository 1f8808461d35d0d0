import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommand } from '../../src/adapters/process/run-command.ts';
import { startProgram } from '../../src/adapters/process/start-program.ts';
import type { Store } from '../../src/domain/store.ts';
import { probeUntil } from '../../src/lib/deadline.ts';
import { SECOND } from '../../src/lib/time.ts';
import { isListening } from './is-listening.ts';

/** The seed's reverse proxy: one file per store, tested and reloaded for each. */
export interface SeedNginx {
  readonly httpsPort: number;
  publish(store: Store, certificateFolder: string | undefined): Promise<void>;
  withdraw(store: Store): Promise<void>;
  stop(): Promise<void>;
}

export async function startSeedNginx(folder: string, httpsPort: number): Promise<SeedNginx> {
  const sites = join(folder, 'sites');
  await mkdir(sites, { recursive: true });
  const configuration = join(folder, 'nginx.conf');
  await writeFile(
    configuration,
    `user root; worker_processes 2; pid ${folder}/nginx.pid; error_log ${folder}/error.log; daemon off;
events { worker_connections 1024; }
http {
  access_log off; server_names_hash_bucket_size 128;
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
    signal: AbortSignal.timeout(10 * SECOND),
    firstDelayMs: 10,
    maxDelayMs: 100,
  });

  async function reload(): Promise<void> {
    await runCommand('nginx', [...command, '-t']);
    await runCommand('nginx', [...command, '-s', 'reload']);
  }
  return {
    httpsPort,
    async publish(store, certificateFolder) {
      const proxy = `location / { proxy_pass http://127.0.0.1:${store.port}; proxy_set_header Host $http_host; proxy_set_header X-Forwarded-Proto https; }`;
      const plain = `server { listen 127.0.0.1:${httpsPort - 1}; server_name ${store.domain}; ${proxy} }`;
      const secure =
        certificateFolder === undefined
          ? ''
          : `server { listen 127.0.0.1:${httpsPort} ssl; server_name ${store.domain}; ssl_certificate ${certificateFolder}/fullchain.pem; ssl_certificate_key ${certificateFolder}/privkey.pem; ${proxy} }`;
      await writeFile(join(sites, `${store.id}.conf`), `${plain}\n${secure}\n`);
      await reload();
    },
    async withdraw(store) {
      await rm(join(sites, `${store.id}.conf`), { force: true });
      await reload();
    },
    async stop() {
      running.kill('SIGTERM');
      await running.ended;
    },
  };
}
