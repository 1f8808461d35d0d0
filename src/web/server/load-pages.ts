import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { PageContext } from '../page-context.ts';
import type { RenderPage } from './serve-pages.ts';

/** The pages, wherever they come from. */
export interface Pages {
  readonly render: RenderPage;
  /** Scripts, styles and fonts. */
  readonly filesFolder: string;
  /** For development: looks at a request first, and calls `next` for what is not its own. */
  readonly before?: (request: IncomingMessage, response: ServerResponse, next: () => void) => void;
  readonly close?: () => Promise<void>;
}

type Mode = 'production' | 'development';

/** What the bundle's `entry.server.tsx` exports: a router of its own, so that it knows the context it is handed. */
export interface PagesEntry {
  createRequestHandler(build: unknown, mode: Mode): (request: Request, context: unknown) => Promise<Response>;
  createLoadContext(page: PageContext): unknown;
}

/** A build's own way to answer a request. */
export function renderWith(build: { readonly entry: { readonly module: PagesEntry } }, mode: Mode): RenderPage {
  const { createRequestHandler, createLoadContext } = build.entry.module;
  const handle = createRequestHandler(build, mode);
  return (request, page) => handle(request, createLoadContext(page));
}

/** The pages as `npm start` built them, from `FOLDER/server` and `FOLDER/client`. Throws when they are not there. */
export async function loadPages(folder: string): Promise<Pages> {
  const build = (await import(pathToFileURL(join(folder, 'server', 'index.js')).href)) as {
    readonly entry: { readonly module: PagesEntry };
  };
  return { render: renderWith(build, 'production'), filesFolder: join(folder, 'client') };
}
