import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { PlainAnswer, PlainServerPlan } from './plain-server.ts';

const PROGRAM = fileURLToPath(new URL('plain-server.ts', import.meta.url));
/** Said by the server itself, or of this one answer only. */
const NOT_COPIED = ['connection', 'keep-alive', 'transfer-encoding', 'date', 'set-cookie', 'x-request-id'];

export interface PlainServer {
  readonly port: number;
  close(): void;
}

/** Starts it and waits until it listens. It also ends with us. */
export async function startPlainServer(plan: PlainServerPlan): Promise<PlainServer> {
  const child = fork(PROGRAM, [JSON.stringify(plan)], { execArgv: ['--import', 'tsx'] });
  const [port] = (await Promise.race([once(child, 'message'), rejectOnEnd(child)])) as [number];
  return { port, close: () => child.disconnect() };
}

/** The same answer from a plain server: our headers and our bytes. */
export function asPlainAnswer(answer: {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}): PlainAnswer {
  const headers = Object.entries(answer.headers).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string' && !NOT_COPIED.includes(entry[0]),
  );
  return { headers: Object.fromEntries(headers), body: answer.body };
}

async function rejectOnEnd(child: ReturnType<typeof fork>): Promise<never> {
  const [code] = (await once(child, 'exit')) as [number | null];
  throw new Error(`The plain server ended with ${code} before it listened.`);
}
