import { refused } from '../archive-entry.ts';
import type { NewTreeReader } from './tree-reader.ts';

/** The first major version that the Java of our image is too old for (decision 020). */
const TOO_NEW = { opensearch: 3, elasticsearch: 9 } as const;

/**
 * The vendor's archive of OpenSearch or Elasticsearch: its start script, and the library that carries the version.
 * Refuses versions that would not start here.
 */
export function createSearchEngineReader(name: keyof typeof TOO_NEW): NewTreeReader {
  const library = new RegExp(`^lib/${name}-(\\d+\\.\\d+\\.\\d+)\\.jar$`);
  return (archive) => {
    let hasProgram = false;
    let version: string | undefined;
    return {
      wantsAll: false,
      see(path) {
        hasProgram ||= path === `bin/${name}`;
        version ??= library.exec(path)?.[1];
      },
      verdict() {
        if (!hasProgram || version === undefined) return undefined;
        if (Number.parseInt(version, 10) >= TOO_NEW[name]) {
          const newest = TOO_NEW[name] - 1;
          throw refused(archive, `is ${name} ${version}; the Java that is here runs ${name} up to ${newest}`);
        }
        return { version, facts: {} };
      },
    };
  };
}
