import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startProgram } from '../../src/adapters/process/start-program.ts';
import { probeUntil } from '../../src/lib/deadline.ts';
import { SECOND } from '../../src/lib/time.ts';
import { isListening } from '../seed/is-listening.ts';

/** nginx with TLS and one file that is packed already, no log: no page can come faster on this machine. Answers every path with it. */
export async function startFileServer(
  page: Buffer,
  { port, certificateFolder }: { readonly port: number; readonly certificateFolder: string },
): Promise<{ close(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'shop-bench-file-'));
  await chmod(folder, 0o755);
  await mkdir(join(folder, 'root'));
  await writeFile(join(folder, 'root', 'page'), page);
  const configuration = join(folder, 'nginx.conf');
  await writeFile(
    configuration,
    `user root; worker_processes auto; pid ${folder}/nginx.pid; error_log ${folder}/error.log; daemon off;
events { worker_connections 1024; }
http {
  access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000; open_file_cache max=10;
  client_body_temp_path ${folder}/body; proxy_temp_path ${folder}/proxy; fastcgi_temp_path ${folder}/fcgi;
  uwsgi_temp_path ${folder}/uwsgi; scgi_temp_path ${folder}/scgi;
  server {
    listen 127.0.0.1:${port} ssl;
    ssl_certificate ${certificateFolder}/fullchain.pem; ssl_certificate_key ${certificateFolder}/privkey.pem;
    default_type text/html; add_header Content-Encoding gzip; root ${folder}/root;
    location / { try_files /page =404; }
  }
}`,
  );
  const running = await startProgram('nginx', ['-c', configuration, '-e', join(folder, 'error.log')], {
    onLine: () => undefined,
  });
  await probeUntil(() => isListening(port), {
    signal: AbortSignal.timeout(10 * SECOND),
    firstDelayMs: 10,
    maxDelayMs: 100,
  });
  return {
    async close() {
      running.kill('SIGTERM');
      await running.ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}
