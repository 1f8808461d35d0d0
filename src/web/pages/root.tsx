import interUrl from '@fontsource-variable/inter/files/inter-latin-wght-normal.woff2?url';
import type { ReactNode } from 'react';
import {
  data,
  Links,
  type LinksFunction,
  type LoaderFunctionArgs,
  Meta,
  type MiddlewareFunction,
  Outlet,
  Scripts,
  ScrollRestoration,
  type ShouldRevalidateFunctionArgs,
  useMatches,
  useRouteLoaderData,
} from 'react-router';
import { AppError } from '../../domain/errors.ts';
import { mayWhileActing } from '../acting-limits.ts';
import './styles.ts';
import { ActingBanner } from './components/acting-banner.tsx';
import { useAnswerFacts } from './components/answer-facts.ts';
import { ColorSchemeScript } from './components/color-scheme-script.tsx';
import { Flash } from './components/flash.tsx';
import { LeavingBanner } from './components/leaving-banner.tsx';
import { PageFrame } from './components/page-frame.tsx';
import { PlatformBanner } from './components/platform-banner.tsx';
import { ShopTheme } from './components/shop-theme.tsx';
import { VerifyBanner } from './components/verify-banner.tsx';
import { actingOf } from './request/acting-of.ts';
import { pageOf } from './request/page-of.ts';
import { asAnswer, problemOf } from './request/problem.ts';

export { ProblemPage as ErrorBoundary } from './components/problem-page.tsx';

export const links: LinksFunction = () => [
  { rel: 'preload', as: 'font', type: 'font/woff2', href: interUrl, crossOrigin: 'anonymous' },
];

/** What the server refused before it got here has the page of its problem, whatever the address. */
const showRefusal: MiddlewareFunction<Response> = async ({ context }, next) => {
  const page = pageOf(context);
  if (page.refusal !== undefined) throw asAnswer(problemOf(page.refusal, page));
  return next();
};

/** Whoever acts as a customer goes no further than that is allowed, by the pattern of the address that was matched. */
const keepActingWithinLimits: MiddlewareFunction<Response> = async ({ request, pattern, context }, next) => {
  const page = pageOf(context);
  if (page.session?.impersonatorId !== undefined && !mayWhileActing(pattern, request.method)) {
    throw asAnswer(problemOf(new AppError('not_while_acting', `${request.method} ${pattern}`), page));
  }
  return next();
};

export const middleware = [showRefusal, keepActingWithinLimits];

export async function loader({ context }: LoaderFunctionArgs) {
  const page = pageOf(context);
  const { session, theme, requestId, flash, cookies } = page;
  const { support, links, termsUrl } = page.services.facts;
  const isOperator = session?.role === 'operator';
  // A page that can show itself is not kept from it by a sentence above it.
  const banner = await page.services.banner().catch(() => '');
  const facts = {
    email: session?.email ?? null,
    isOperator,
    isVerified: session?.isVerified ?? true,
    deletionAt: session?.deletionAt?.toISOString() ?? null,
    isDeletionDue: session?.deletionAt !== undefined && session.deletionAt <= new Date(),
    acting: actingOf(session),
    banner,
    theme,
    requestId,
    now: Date.now(),
    support,
    links,
    termsUrl,
    flash: flash ?? null,
  };
  return flash === undefined ? data(facts) : data(facts, { headers: { 'Set-Cookie': cookies.flashSeen() } });
}

/** Who is signed in and how it looks change with forms only; so a lost line takes no more than the page's own part. */
export function shouldRevalidate({ formMethod }: ShouldRevalidateFunctionArgs): boolean {
  return formMethod !== undefined;
}

/** A page that says so in its `handle` is sent without any script of ours: nothing on it needs one. */
const isWithoutScripts = (handle: unknown) =>
  typeof handle === 'object' && handle !== null && 'withoutScripts' in handle && handle.withoutScripts === true;

/** The document around every page, also around every problem. */
export function Layout({ children }: { readonly children: ReactNode }) {
  const { nonce, page } = useAnswerFacts();
  const loaded = useRouteLoaderData<typeof loader>('root');
  const facts = loaded ?? page;
  // A refusal came before any loader: the browser could not render it again.
  const scripted = !useMatches().some(({ handle }) => isWithoutScripts(handle)) && loaded !== undefined;
  const theme = facts?.theme ?? 'system';
  const acting = facts?.acting ?? null;
  return (
    <html
      lang="en"
      data-theme={theme}
      data-scripted={scripted}
      data-mantine-color-scheme={theme === 'system' ? undefined : theme}
      suppressHydrationWarning
    >
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content={theme === 'system' ? 'light dark' : theme} />
        <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
        <Meta />
        <Links nonce={nonce} />
        {theme === 'system' && <ColorSchemeScript nonce={nonce} />}
      </head>
      <body>
        <ShopTheme theme={theme}>
          {acting !== null && <ActingBanner acting={acting} />}
          <PageFrame email={facts?.email ?? null} isOperator={facts?.isOperator ?? false} theme={theme}>
            {loaded !== undefined && loaded.banner !== '' && <PlatformBanner text={loaded.banner} />}
            {typeof loaded?.email === 'string' && !loaded.isVerified && loaded.acting === null && (
              <VerifyBanner email={loaded.email} />
            )}
            {typeof loaded?.deletionAt === 'string' && (
              <LeavingBanner deletionAt={loaded.deletionAt} isDue={loaded.isDeletionDue} />
            )}
            {typeof loaded?.flash === 'string' && <Flash key={loaded.requestId} sentence={loaded.flash} />}
            {children}
          </PageFrame>
        </ShopTheme>
        {scripted && <ScrollRestoration nonce={nonce} />}
        {scripted && <Scripts nonce={nonce} />}
      </body>
    </html>
  );
}

export default function Root() {
  return <Outlet />;
}
