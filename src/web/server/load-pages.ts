import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { PageContext } from '../page-context.ts';
import type { RenderPage } from './serve-pages.ts';

/** What the bundle's `entry.server.tsx` exports: a router of its own, so that it knows the context it is handed. */
interface PagesEntry {
  createRequestHandler(build: unknown, mode: 'production'): (request: Request, context: unknown) => Promise<Response>;
  createLoadContext(page: PageContext): unknown;
}

/** The pages as `npm start` built them, from `FOLDER/server` and `FOLDER/client`. Throws when they are not there. */
export async function loadPages(folder: string): Promise<{ render: RenderPage; filesFolder: string }> {
  const build = (await import(pathToFileURL(join(folder, 'server', 'index.js')).href)) as {
    readonly entry: { readonly module: PagesEntry };
  };
  const { createRequestHandler, createLoadContext } = build.entry.module;
  const handle = createRequestHandler(build, 'production');
  return { render: (request, page) => handle(request, createLoadContext(page)), filesFolder: join(folder, 'client') };
}
