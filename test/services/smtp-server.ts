import { EventEmitter, once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';

export interface ReceivedMail {
  readonly from: string;
  readonly to: readonly string[];
  readonly raw: Buffer;
  readonly secure: boolean;
}

export interface TestMailServer {
  readonly port: number;
  readonly mails: readonly ReceivedMail[];
  /** Resolves when the first client has gone, which is how a client gives up. */
  readonly clientGone: Promise<void>;
  stop(): Promise<void>;
}

/** How a server can treat a mail. */
export type Manner =
  | 'accepts'
  /** This code for every recipient, or for those that are named. */
  | { readonly recipients: number; readonly only?: string }
  /** This code for every sender. */
  | { readonly senders: number }
  /** Takes a mail's content and says so only once that has aborted. */
  | { readonly takesFrom: AbortSignal }
  /** Takes the content and never says a word about it. */
  | 'never answers DATA';

/** A real SMTP server on loopback. It listens on `port` when one is given. */
export async function startSmtpServer(
  manner: Manner = 'accepts',
  { port = 0, ...options }: SMTPServerOptions & { port?: number } = {},
): Promise<TestMailServer> {
  const mails: ReceivedMail[] = [];
  const gone = new EventEmitter();
  const clientGone = once(gone, 'gone').then(() => undefined);
  const refusing = (code: number | undefined, callback: (error?: Error | null) => void): void =>
    callback(code === undefined ? null : Object.assign(new Error('no'), { responseCode: code }));
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    ...options,
    onMailFrom: (_address, _session, callback) =>
      refusing(typeof manner === 'object' && 'senders' in manner ? manner.senders : undefined, callback),
    onRcptTo: ({ address }, _session, callback) =>
      refusing(
        typeof manner === 'object' && 'recipients' in manner && (manner.only ?? address) === address
          ? manner.recipients
          : undefined,
        callback,
      ),
    onData: (stream, { envelope, secure }, callback) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        if (manner === 'never answers DATA') return;
        const from = envelope.mailFrom === false ? '' : envelope.mailFrom.address;
        mails.push({ from, to: envelope.rcptTo.map(({ address }) => address), raw: Buffer.concat(chunks), secure });
        const takesFrom = typeof manner === 'object' && 'takesFrom' in manner ? manner.takesFrom : null;
        if (takesFrom === null || takesFrom.aborted) callback();
        else takesFrom.addEventListener('abort', () => callback(), { once: true });
      });
    },
    onClose: () => void gone.emit('gone'),
  });
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    port: (server.server.address() as AddressInfo).port,
    mails,
    clientGone,
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

/** A server that takes the connection and then says nothing, or endlessly the beginning of a greeting. */
export async function startStuckServer(manner: 'never greets' | 'never ends its greeting'): Promise<TestMailServer> {
  const gone = new EventEmitter();
  const clientGone = once(gone, 'gone').then(() => undefined);
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    const drip = setInterval(() => manner === 'never ends its greeting' && socket.write('220-wait\r\n'), 20);
    socket.on('error', () => undefined);
    socket.on('data', () => undefined);
    socket.on('close', () => {
      clearInterval(drip);
      gone.emit('gone');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    mails: [],
    clientGone,
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
