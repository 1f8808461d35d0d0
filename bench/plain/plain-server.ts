// The ceiling, a process of its own: Node's http and nothing else, answering what it is told by path. With a `query` it
// asks the database first, as the simplest application would.
import { createServer } from 'node:http';
import { createPool, type PoolOptions } from 'mysql2/promise';

/** What the process is started with, as JSON in its first argument. */
export interface PlainServerPlan {
  /** 0: any free one. */
  readonly port: number;
  readonly answers: Readonly<Record<string, PlainAnswer>>;
  readonly query?: { readonly database: PoolOptions; readonly sql: string; readonly values: readonly string[] };
}

export interface PlainAnswer {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const { port, answers, query } = JSON.parse(process.argv[2] ?? '') as PlainServerPlan;
const known = new Map(
  Object.entries(answers).map(([path, { headers, body }]) => [path, { headers, body: Buffer.from(body) }]),
);
const pool = query === undefined ? undefined : createPool(query.database);

const server = createServer((request, response) => {
  const answer = known.get(request.url ?? '');
  const send = (): void => {
    response.writeHead(answer === undefined ? 404 : 200, answer?.headers).end(answer?.body);
  };
  if (pool === undefined || query === undefined) return send();
  pool.query(query.sql, [...query.values]).then(
    ([rows]) => (Array.isArray(rows) && rows.length === 1 ? send() : response.writeHead(500).end()),
    () => response.writeHead(500).end(),
  );
});
server.listen(port, '127.0.0.1', () => {
  const address = server.address();
  process.send?.(typeof address === 'object' ? address?.port : undefined);
});
process.on('disconnect', () => process.exit());
