/** Who asks, in this order. Whatever a route names is Ann's. */
export const ACTORS = ['nobody', 'ann', 'bob', 'operator'] as const;

/** What everybody gets from each route: by method and path, a status for each of `ACTORS`. */
export const PERMISSIONS: Readonly<
  Record<string, readonly [nobody: number, ann: number, bob: number, operator: number]>
> = {
  'GET /stores/{storeId}': [401, 200, 404, 404],
};
