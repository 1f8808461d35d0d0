import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { HOUR } from '../../lib/time.ts';
import { type Database, type DatabaseOptions, openDatabase } from './open-database.ts';

/** Takes every connection and never says a word, as a server that hangs. */
let server: Server;
const connections: Socket[] = [];
const opened: Database[] = [];

beforeEach(async () => {
  server = createServer((socket) => connections.push(socket));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});

afterEach(async () => {
  for (const socket of connections.splice(0)) socket.destroy();
  // A connection that never came about cannot be ended in order.
  await Promise.allSettled(opened.splice(0).map((db) => db.close()));
  server.close();
});

function openSilent(options: Partial<DatabaseOptions>): Database {
  const { port } = server.address() as AddressInfo;
  const db = openDatabase({
    host: '127.0.0.1',
    port,
    user: 'u',
    password: 'p',
    database: 'd',
    poolSize: 1,
    ...options,
  });
  opened.push(db);
  return db;
}

const ask = (db: Database) => db.kysely.selectNoFrom((eb) => eb.lit(1).as('one')).execute();
const unavailable = { code: 'database_unavailable', retryable: true };

test('everybody who waits for a server that hangs is told within the limit, however many there are', async () => {
  const db = openSilent({ acquireWithinMs: 50 });

  const outcomes = await Promise.allSettled(Array.from({ length: 20 }, () => ask(db)));

  for (const outcome of outcomes) {
    expect(outcome).toMatchObject({ reason: { ...unavailable, message: expect.stringContaining('within 50 ms') } });
  }
});

test('no more wait than may: the others are refused at once', async () => {
  const db = openSilent({ acquireWithinMs: HOUR, queueLimit: 1 });
  const waiting = [ask(db), ask(db)];
  const ended = Promise.allSettled(waiting);

  await expect(ask(db)).rejects.toMatchObject({ ...unavailable, message: expect.stringContaining('Queue limit') });

  for (const socket of connections) socket.destroy();
  server.close();
  server.on('connection', (socket: Socket) => socket.destroy());
  await ended;
});
