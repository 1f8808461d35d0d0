import { expect, it } from 'vitest';
import { fakeWeb } from '../../../test/fakes/fake-web.ts';
import { API_BASE } from './document.ts';
import { ROUTE_TABLE } from './route-table.ts';

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND'];
const PROGRAM = { authorization: 'Bearer shp_none' };

it('a method that no route declares is refused with a problem, on every path, and never fails', async () => {
  const { ask } = fakeWeb();
  // The paths that are asked below are those of the API.
  expect((await ask(`${API_BASE}/stores`)).status).toBe(401);
  const paths = new Set(ROUTE_TABLE.map(({ path }) => path));
  const wrong: string[] = [];
  let asked = 0;
  for (const path of paths) {
    const declared = ROUTE_TABLE.filter((route) => route.path === path).map(({ method }) => method.toUpperCase());
    for (const method of METHODS.filter((one) => !declared.includes(one))) {
      const answer = await ask(`${API_BASE}${path.replaceAll(/\{\w+\}/g, 'x')}`, { method, headers: PROGRAM });
      const type = answer.headers.get('content-type') ?? '';
      asked += 1;
      if (![404, 405].includes(answer.status) || !type.startsWith('application/problem+json'))
        wrong.push(`${method} ${path}: ${answer.status} ${type}`);
    }
  }

  expect(asked).toBeGreaterThan(100);
  expect(wrong).toEqual([]);
});
