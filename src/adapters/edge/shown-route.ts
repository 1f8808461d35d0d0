import type { EdgeCertificates, Route } from './edge.ts';
import { type Maps, renderMaps } from './render-maps.ts';

/** What decides which shop visitors of a host get, and with which certificate. */
const DECIDING = ['states.map', 'ports.map', 'stores.map', 'certificates.map'];

/** Do these maps lead the host where the route does, with the certificate that it has by now? */
export function areOf(
  maps: Maps,
  route: Route,
  certificates: Awaited<ReturnType<EdgeCertificates['present']>>,
  platformHost: string,
): boolean {
  const wanted = renderMaps({ routes: [route], platformHost, certificates });
  return DECIDING.every((name) => lineOf(maps[name], route.hostname) === lineOf(wanted[name], route.hostname));
}

function lineOf(map: string | undefined, hostname: string): string | undefined {
  const text = `\n${map ?? ''}`;
  const begin = text.indexOf(`\n${hostname} `);
  return begin === -1 ? undefined : text.slice(begin + 1, text.indexOf('\n', begin + 1));
}
