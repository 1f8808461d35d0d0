/**
 * What Magento calls this search engine: `opensearch`, `elasticsearch7`. `versions` as an image tells them
 * (`{search: '2.19.5', distribution: 'opensearch'}`); `undefined` when they do not say it.
 */
function searchEngineName({ search, distribution }: Readonly<Record<string, string>>): string | undefined {
  if (search === undefined || distribution === undefined) return undefined;
  return distribution === 'elasticsearch' ? `elasticsearch${Number.parseInt(search, 10)}` : distribution;
}

/** Does an application speak to this search engine? One that names none takes every one. */
export function acceptsSearchEngine(engines: readonly string[], versions: Readonly<Record<string, string>>): boolean {
  const name = searchEngineName(versions);
  return engines.length === 0 || (name !== undefined && engines.includes(name));
}
