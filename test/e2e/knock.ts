import { request } from 'node:http';
import { pause } from '../../src/lib/deadline.ts';
import type { TestPlatform } from './platform.ts';

const BETWEEN_KNOCKS_MS = 50;
/** Where WordPress would let whoever comes first set up the shop; most often the one that is looked for most. */
const INSTALLERS = ['/wp-admin/install.php', '/wp-admin/setup-config.php', '/wp-admin/install.php?step=1'];

export interface Knock {
  readonly where: string;
  /** 0: nobody answered. */
  readonly status: number;
  readonly hasForm: boolean;
}

/**
 * Asks a store for its installer again and again, as a stranger through the edge and at the store's own port behind it,
 * from now until `stop` is called. The store need not be there yet.
 */
export function knockAtInstallers(platform: TestPlatform, { name }: { readonly name: string }) {
  const knocks: Knock[] = [];
  let isKnocking = true;
  const { http, baseDomain } = platform.config;
  const host = `${name}.${baseDomain}`;
  const ask = async (path: string): Promise<void> => {
    const url = `https://${host}:${http.httpsPort}${path}`;
    const { status, body } = await platform.visit(url).catch(() => ({ status: 0, body: '' }));
    knocks.push({ where: `edge ${path}`, status, hasForm: body.includes('<form') });
  };
  const askBehind = async (path: string, port: number): Promise<void> => {
    const { status, body } = await askPlainly(port, host, path);
    knocks.push({ where: `port ${path}`, status, hasForm: body.includes('<form') });
  };
  const knocking = (async () => {
    let port: number | undefined;
    let round = 0;
    while (isKnocking) {
      port ??= (await platform.adapters.repositories.stores.findByName(name))?.port;
      // One after the other, so that the machine has time to make the store, too.
      const path = INSTALLERS[round % INSTALLERS.length] ?? '';
      round += 1;
      await Promise.all([ask(path), ...(port === undefined ? [] : [askBehind(path, port)])]);
      await pause(BETWEEN_KNOCKS_MS);
    }
  })();
  return {
    async stop(): Promise<readonly Knock[]> {
      isKnocking = false;
      await knocking;
      return knocks;
    },
  };
}

function askPlainly(port: number, host: string, path: string): Promise<{ status: number; body: string }> {
  return new Promise((resolve) => {
    const nobody = (): void => resolve({ status: 0, body: '' });
    const call = request(
      { host: '127.0.0.1', port, path, headers: { host }, agent: false, timeout: 5000 },
      (answer) => {
        let body = '';
        answer.setEncoding('utf8');
        answer.on('data', (chunk: string) => (body += chunk));
        answer.on('end', () => resolve({ status: answer.statusCode ?? 0, body }));
        answer.on('error', nobody);
      },
    );
    call.on('timeout', () => call.destroy());
    call.on('error', nobody);
    call.end();
  });
}
