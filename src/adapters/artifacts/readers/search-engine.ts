import type { NewTreeReader } from './tree-reader.ts';

/** The vendor's archive of OpenSearch or Elasticsearch: its start script, and the library that carries the version. */
export function createSearchEngineReader(name: 'opensearch' | 'elasticsearch'): NewTreeReader {
  const library = new RegExp(`^lib/${name}-(\\d+\\.\\d+\\.\\d+)\\.jar$`);
  return () => {
    let hasProgram = false;
    let version: string | undefined;
    return {
      wantsAll: false,
      see(path) {
        hasProgram ||= path === `bin/${name}`;
        version ??= library.exec(path)?.[1];
      },
      verdict: () => (hasProgram && version !== undefined ? { version, facts: {} } : undefined),
    };
  };
}
