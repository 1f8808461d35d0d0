import { once } from 'node:events';
import { Agent, get, type IncomingMessage } from 'node:http';
import { createServer } from 'node:net';
import { Hono } from 'hono';
import { expect, test } from 'vitest';
import { SECOND } from '../../lib/time.ts';
import { openPromise } from '../../operating/open-promise.ts';
import { listen } from './listen.ts';
import type { RequestFacts } from './request-facts.ts';

/** Less than what an answer may take before lines are cut. */
const AT_ONCE_MS = 4 * SECOND;

test(
  'what is being answered when the end comes is answered, and a line kept for more does not hold the end up',
  async () => {
    const port = await freePort();
    const stopping = new AbortController();
    const asked = openPromise<void>();
    const mayAnswer = openPromise<void>();
    const server = new Hono<RequestFacts>().get('/', async (context) => {
      asked.resolve();
      await mayAnswer.promise;
      return context.text('here you are');
    });
    const agent = new Agent({ keepAlive: true });

    const ended = listen(server, { port, before: undefined }, stopping.signal);
    const answer = once(get({ port, agent }), 'response') as Promise<[IncomingMessage]>;
    await asked.promise;
    stopping.abort();
    mayAnswer.resolve();

    const [response] = await answer;
    response.resume();
    await once(response, 'end');
    await ended;
    agent.destroy();
    expect(response.statusCode).toBe(200);
  },
  AT_ONCE_MS,
);

async function freePort(): Promise<number> {
  const socket = createServer().listen(0, '127.0.0.1');
  await once(socket, 'listening');
  const address = socket.address();
  socket.close();
  await once(socket, 'close');
  if (address === null || typeof address === 'string') throw new Error('not listening on a port');
  return address.port;
}
