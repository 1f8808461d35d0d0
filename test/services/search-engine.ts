import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSearchStandIn } from '../search-stand-in/start-search-stand-in.ts';

/** A search engine that a test asks things over HTTP. */
export interface SearchEngine {
  /** Where it answers; another one after a restart. */
  url(): string;
  /** Ends it as an engine is ended, and starts it on the same data. Resolves when it answers again. */
  restart(): Promise<void>;
  /** Ends it; nothing of it is left. */
  stop(): Promise<void>;
}

/** The stand-in, in this process. Its data are in a folder of its own until it is stopped. */
export async function startStandInEngine(): Promise<SearchEngine> {
  const folder = await mkdtemp(join(tmpdir(), 'search-stand-in-'));
  const start = () => startSearchStandIn({ file: join(folder, 'stand-in.json') });
  let running = await start();
  return {
    url: () => running.url,
    restart: async () => {
      await running.stop();
      running = await start();
    },
    stop: async () => {
      await running.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
