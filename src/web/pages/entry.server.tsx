import { PassThrough, Readable } from 'node:stream';
import { renderToPipeableStream } from 'react-dom/server';
import { type EntryContext, type HandleErrorFunction, RouterContextProvider, ServerRouter } from 'react-router';
import { SECOND } from '../../lib/time.ts';
import type { PageContext } from '../page-context.ts';
import { AnswerContext, type AnswerFacts } from './components/answer-facts.ts';
import { actingOf } from './request/acting-of.ts';
import { PAGE, pageOf } from './request/page-of.ts';

/** Of this bundle's own copy of the router: one of another copy would not know our context. */
export { createRequestHandler } from 'react-router';

/** What a page's data may say about the whole answer. */
const PASSED_ON = ['Retry-After', 'Cache-Control'];
const RENDER_TIMEOUT_MS = 10 * SECOND;

/** What the request handler of this bundle takes beside the request. */
export function createLoadContext(page: PageContext): RouterContextProvider {
  return new RouterContextProvider(new Map([[PAGE, page]]));
}

/** Writes down what no page expected; whoever went away is no error. */
export const handleError: HandleErrorFunction = (error, { request, context }) => {
  if (!request.signal.aborted) pageOf(context as RouterContextProvider).report(error);
};

/** Renders the whole page before the first byte leaves: pages are small, and a failure still gets its status. */
export default async function handleRequest(
  request: Request,
  status: number,
  headers: Headers,
  routerContext: EntryContext,
  loadContext: Readonly<RouterContextProvider>,
): Promise<Response> {
  headers.set('Content-Type', 'text/html; charset=utf-8');
  passOn(routerContext, headers);
  if (request.method === 'HEAD') return new Response(null, { status, headers });
  const { nonce, theme, requestId, session, services } = pageOf(loadContext);
  const { support, links, termsUrl } = services.facts;
  const acting = actingOf(session);
  const isOperator = session?.role === 'operator';
  const email = session?.email ?? null;
  const facts = { nonce, page: { theme, requestId, email, isOperator, acting, support, links, termsUrl } };
  const { body, failed } = await render(routerContext, request.url, facts);
  return new Response(body, { status: failed ? 500 : status, headers });
}

function passOn({ staticHandlerContext }: EntryContext, headers: Headers): void {
  const { loaderHeaders, actionHeaders } = staticHandlerContext;
  for (const said of [...Object.values(loaderHeaders), ...Object.values(actionHeaders)]) {
    for (const name of PASSED_ON) {
      const value = said.get(name);
      if (value !== null) headers.set(name, value);
    }
  }
}

function render(
  context: EntryContext,
  url: string,
  facts: AnswerFacts & { readonly nonce: string },
): Promise<{ body: ReadableStream; failed: boolean }> {
  return new Promise((resolve, reject) => {
    let failed = false;
    const timer = setTimeout(() => abort(new Error('The page was not ready in time')), RENDER_TIMEOUT_MS);
    const { pipe, abort } = renderToPipeableStream(
      <AnswerContext value={facts}>
        <ServerRouter context={context} url={url} nonce={facts.nonce} />
      </AnswerContext>,
      {
        nonce: facts.nonce,
        onAllReady() {
          clearTimeout(timer);
          const body = new PassThrough();
          pipe(body);
          resolve({ body: Readable.toWeb(body) as ReadableStream, failed });
        },
        onShellError(error) {
          clearTimeout(timer);
          reject(error);
        },
        onError() {
          failed = true;
        },
      },
    );
  });
}
