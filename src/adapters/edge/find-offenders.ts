import type { RefusedRoute, Route } from './edge.ts';

/** Why nginx refuses a configuration with these routes, or `undefined` when it takes it. */
export type Ask = (routes: readonly Route[]) => Promise<string | undefined>;

/**
 * Which routes nginx refuses, found by halving: about log₂(n) questions for each. A route is blamed only for what goes
 * wrong when it joins those already found good, so of two that contradict each other the first one stays. Expects that
 * nginx takes a configuration without any route.
 */
export async function findOffenders(
  routes: readonly Route[],
  ask: Ask,
): Promise<{ accepted: Route[]; refused: RefusedRoute[] }> {
  const accepted: Route[] = [];
  const refused: RefusedRoute[] = [];
  const waiting: Route[][] = [[...routes]];
  for (let group = waiting.pop(); group !== undefined; group = waiting.pop()) {
    const reason = group.length === 0 ? undefined : await ask([...accepted, ...group]);
    const [only] = group;
    if (reason === undefined) accepted.push(...group);
    else if (group.length === 1 && only !== undefined) refused.push({ hostname: only.hostname, reason });
    else {
      const middle = Math.ceil(group.length / 2);
      waiting.push(group.slice(middle), group.slice(0, middle));
    }
  }
  return { accepted, refused };
}
