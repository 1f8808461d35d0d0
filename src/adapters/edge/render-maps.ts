import { toAppError } from '../../domain/errors.ts';
import { LARGE_UPLOADS_MB } from '../../domain/php-limits.ts';
import { directive as d } from './config-facts.ts';
import type { EdgeCertificates, RefusedRoute, Route, RouteState } from './edge.ts';
import { absolutePath, type Directive, emit, hostname, type Leaf, literal, port, storeId } from './nginx-syntax.ts';
import { lifetimeWord } from './render-page-cache.ts';

/** File name → content: what nginx.conf includes. */
export type Maps = Readonly<Record<string, string>>;

type Present = Awaited<ReturnType<EdgeCertificates['present']>>;

const STATES: Readonly<Record<RouteState, Leaf>> = {
  making: literal('making'),
  live: literal('live'),
  failed: literal('failed'),
  suspended: literal('suspended'),
};

/** Half a year. */
const HSTS = literal('max-age=15552000');

/** One line per host in each map, sorted, so that the same routes give the same bytes. */
export function renderMaps(facts: { routes: readonly Route[]; platformHost: string; certificates: Present }): Maps {
  const routes = facts.routes.toSorted(byNameThenStore);
  const platform = hostname(facts.platformHost);
  const names = new Set([facts.platformHost, ...routes.map((route) => route.hostname)]);
  const secured = [...names].sort().flatMap((name) => {
    const certificate = facts.certificates.get(name);
    return certificate === undefined ? [] : [{ name: hostname(name), ...certificate }];
  });
  return {
    'states.map': emit([
      d(platform, literal('platform')),
      ...routes.map((r) => d(hostname(r.hostname), STATES[r.state])),
    ]),
    'ports.map': emit(routes.map((route) => d(hostname(route.hostname), port(route.port)))),
    'stores.map': emit([
      d(platform, literal('platform')),
      ...routes.map((r) => d(hostname(r.hostname), storeId(r.storeId))),
    ]),
    'redirects.map': emit(
      routes.flatMap(({ hostname: name, redirectTo }) =>
        redirectTo === undefined || redirectTo === null || redirectTo === name
          ? []
          : [d(hostname(name), hostname(redirectTo))],
      ),
    ),
    'caching.map': emit(
      routes.flatMap(({ hostname: name, pageLifetime }) =>
        pageLifetime === undefined || pageLifetime === null ? [] : [d(hostname(name), lifetimeWord(pageLifetime))],
      ),
    ),
    ...Object.fromEntries(LARGE_UPLOADS_MB.map((mb) => [`uploads-${mb}.map`, emit(namesWith(routes, mb))])),
    'certificates.map': emit(secured.map(({ name, folder }) => d(name, absolutePath(folder)))),
    'hsts.map': emit(secured.filter((found) => found.isPubliclyTrusted).map(({ name }) => d(name, HSTS))),
  };
}

/** The hosts whose largest upload this is, as names of the server that lets it through. */
function namesWith(routes: readonly Route[], uploadMb: number): Directive[] {
  return routes
    .filter((route) => route.uploadMb === uploadMb)
    .map((route) => d('server_name', hostname(route.hostname)));
}

/** Sets aside routes that cannot even be written down, e.g. because a name is none. nginx never sees them. */
export function refuseUnwritable(
  routes: readonly Route[],
  platformHost: string,
): { writable: Route[]; refused: RefusedRoute[] } {
  const writable: Route[] = [];
  const refused: RefusedRoute[] = [];
  // Mostly all are as they should be, and one look at all is less than a look at each.
  if (
    routes.every((route) => whyMisplaced(route, platformHost) === undefined) &&
    whyUnwritten(routes, platformHost) === undefined
  ) {
    return { writable: [...routes], refused };
  }
  for (const route of routes) {
    const reason = whyUnwritable(route, platformHost);
    if (reason === undefined) writable.push(route);
    else refused.push({ hostname: route.hostname, reason });
  }
  return { writable, refused };
}

function whyUnwritable(route: Route, platformHost: string): string | undefined {
  return whyMisplaced(route, platformHost) ?? whyUnwritten([route], platformHost);
}

function whyMisplaced(route: Route, platformHost: string): string | undefined {
  if (route.hostname === platformHost) return 'This name belongs to the platform itself.';
  return Object.hasOwn(STATES, route.state) ? undefined : 'Its state is none that a route can have.';
}

/** Why nothing can be written of these routes. */
function whyUnwritten(routes: readonly Route[], platformHost: string): string | undefined {
  try {
    renderMaps({ routes, platformHost, certificates: new Map() });
    return undefined;
  } catch (error) {
    return toAppError(error).message;
  }
}

function byNameThenStore(a: Route, b: Route): number {
  return compare(a.hostname, b.hostname) || compare(a.storeId, b.storeId);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
