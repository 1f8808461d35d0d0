import { Agent, request } from 'node:https';
import { setTimeout as delay } from 'node:timers/promises';
import type { EdgeBench } from './edge-bench.ts';

/** What visitors met while the load was on. */
export interface LoadSeen {
  /** Each that did not get a 200, in words. */
  readonly failures: string[];
  readonly answered: number;
  /** Sent a second time, because a kept connection was closed while the request was on its way into it. */
  readonly resent: number;
}

/** Longer than a reload takes: such a request begins under one configuration and ends under another. */
const SLOW_PATH = '/after/300';
/** Load, not saturation: the machine that tests has two cores for everybody. */
const PAUSE_MS = 5;

/**
 * Visitors of one host, until stopped: some come anew each time, some keep their connection as browsers do, and some
 * wait long for their answer, over both kinds of connection.
 */
export function startConstantLoad(bench: EdgeBench, hostname: string): { stop(): Promise<LoadSeen> } {
  let isOver = false;
  let answered = 0;
  let resent = 0;
  const failures: string[] = [];
  const kept = new Agent({ keepAlive: true, maxSockets: 3 });
  const visit = async (agent: Agent | false, path: string): Promise<void> => {
    while (!isOver) {
      const status = await visitOnce({ bench, hostname, agent, path, onResent: () => (resent += 1) }).catch(
        (error: Error) => `${error.message} ${'code' in error ? String(error.code) : ''}`,
      );
      if (status === 200) answered += 1;
      else failures.push(`${agent === false ? 'fresh' : 'kept'} ${path}: ${String(status)}`);
      await delay(PAUSE_MS);
    }
  };
  const visitors = [false as const, kept].flatMap((agent) => ['/', '/', SLOW_PATH].map((path) => visit(agent, path)));
  return {
    async stop() {
      isOver = true;
      await Promise.all(visitors);
      kept.destroy();
      return { failures, answered, resent };
    },
  };
}

interface Visit {
  readonly bench: EdgeBench;
  readonly hostname: string;
  readonly agent: Agent | false;
  readonly path: string;
  readonly onResent: () => void;
}

/** Node's own `reusedSocket` misses those that are handed from one request straight to the next. */
const usedSockets = new WeakSet<object>();

async function visitOnce(visit: Visit): Promise<number | undefined> {
  return await new Promise((resolve, reject) => {
    let isReused = false;
    const asked = request(
      {
        host: '127.0.0.1',
        port: visit.bench.options.httpsPort,
        servername: visit.hostname,
        headers: { host: visit.hostname },
        path: visit.path,
        rejectUnauthorized: false,
        agent: visit.agent,
      },
      (response) => {
        response.resume();
        response.on('end', () => resolve(response.statusCode));
        response.on('error', reject);
      },
    );
    asked.on('socket', (socket) => {
      isReused = usedSockets.has(socket);
      usedSockets.add(socket);
    });
    asked.on('error', (error) => {
      // A kept connection may be closed while a request is on its way into it; every client sends it again (RFC 9112 §9.3.1).
      if (!isReused) return reject(error);
      visit.onResent();
      resolve(visitOnce({ ...visit, agent: false }));
    });
    asked.end();
  });
}
