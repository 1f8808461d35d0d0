import type { IncomingMessage, ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type * as Vite from 'vite';
import { type Pages, type PagesEntry, renderWith } from './load-pages.ts';

const BUILD = 'virtual:react-router/server-build';

/**
 * For development: the pages of the tree at `root` straight from their sources, changed in the browser as they are
 * edited. Vite is loaded from that tree: it is no part of a release.
 */
export async function openPageSources(root: string, hmrPort: number): Promise<Pages> {
  const vitePath = createRequire(join(root, 'package.json')).resolve('vite');
  const { createServer } = (await import(pathToFileURL(vitePath).href)) as typeof Vite;
  const vite: Vite.ViteDevServer = await createServer({
    root,
    server: { middlewareMode: true, hmr: { protocol: 'ws', host: '127.0.0.1', port: hmrPort } },
  });
  return {
    render: async (request, page) => {
      const build = (await vite.ssrLoadModule(BUILD)) as { readonly entry: { readonly module: PagesEntry } };
      return renderWith(build, 'development')(request, page);
    },
    filesFolder: join(root, 'public'),
    before: (request: IncomingMessage, response: ServerResponse, next: Vite.Connect.NextFunction) =>
      vite.middlewares(request, response, next),
    close: () => vite.close(),
  };
}
