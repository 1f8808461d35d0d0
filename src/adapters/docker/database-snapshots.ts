import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { PassThrough, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import { AppError } from '../../domain/errors.ts';
import { containerOf, DATABASE_NAME, directoryOf } from '../../domain/names.ts';
import type { Store } from '../../domain/store.ts';
import { pathBelow } from '../filesystem/path-below.ts';
import type { DatabaseUsersOptions } from './database-users.ts';
import { engineCall } from './docker-client.ts';

/** Newer servers let nobody but root dump a whole table's rights. */
export interface DatabaseSnapshotsOptions extends DatabaseUsersOptions {
  readonly customersDir: string;
}

/** A store's database as it was at one moment, kept in its folder for as long as a change of the shop may fail. */
export interface DatabaseSnapshots {
  /** Does nothing when one of this name is there: it is from before. Whole or not at all. Throws `shop_command_failed`. */
  take(store: Store, name: string, signal: AbortSignal): Promise<void>;
  /**
   * Every table that was in it is as it was. May be repeated; one that is not there was put back already and dropped.
   * Throws `shop_command_failed`.
   */
  putBack(store: Store, name: string, signal: AbortSignal): Promise<void>;
  /** Nothing happens when it is not there. */
  drop(store: Store, name: string): Promise<void>;
}

const SERVICE = 'db';
/** Without MySQL's numbers of transactions, which only an administrator may set when it is put back. */
const DUMP = { mysql: ['mysqldump', '--set-gtid-purged=OFF'], mariadb: ['mariadb-dump'] } as const;
const DUMP_OPTIONS = ['--single-transaction', '--quick', '--no-tablespaces'];
const CLIENT = { mysql: 'mysql', mariadb: 'mariadb' } as const;
/** The images' own option file for their health check: who, where, with what password. */
const CLIENT_OPTIONS = '/run/mysqld/health.cnf';
/** The last line of a dump that is whole. */
const COMPLETED = /-- Dump completed/;
const TAIL = 4000;

/** Snapshots by the database's own tools inside its container, streamed into a compressed file that only root reads. */
export function createDatabaseSnapshots(options: DatabaseSnapshotsOptions): DatabaseSnapshots {
  const { docker, customersDir, serverOf } = options;

  const fileOf = async (store: Store, name: string): Promise<string> =>
    pathBelow(customersDir, join(directoryOf(store), 'snapshots', `${name}.sql.gz`));

  /** Runs argv in the database's container with a line of our own to its standard input. */
  async function start(store: Store, argv: readonly string[], signal: AbortSignal) {
    const what = `${argv[0] ?? ''} in ${containerOf(store, SERVICE)}`;
    const exec = await engineCall(what, () =>
      docker.getContainer(containerOf(store, SERVICE)).exec({
        Cmd: [...argv],
        AttachStdin: true,
        AttachStdout: true,
        AttachStderr: true,
        abortSignal: signal,
      }),
    );
    const stream = await engineCall(what, () => exec.start({ hijack: true, stdin: true, abortSignal: signal }));
    const [stdout, stderr] = [new PassThrough(), new PassThrough()];
    docker.modem.demuxStream(stream, stdout, stderr);
    const end = (): void => {
      stdout.end();
      stderr.end();
    };
    stream.once('end', end).once('close', end).once('error', end);
    let said = '';
    stderr.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(-TAIL)));
    return {
      stream,
      stdout,
      /** Throws unless it ended well. */
      async verdict(): Promise<void> {
        const { ExitCode } = await engineCall(what, () => exec.inspect());
        if (ExitCode === 0) return;
        throw failed(store, `${what} ended with exit code ${ExitCode ?? -1}.`, said);
      },
    };
  }

  return {
    async take(store, name, signal) {
      const file = await fileOf(store, name);
      if (await isThere(file)) return;
      await mkdir(dirname(file), { recursive: true, mode: 0o700 });
      const server = serverOf(store);
      // By standard input: a password is nobody's argument and in nobody's environment.
      const [program, ...special] = DUMP[server];
      const argv = [program, '--defaults-extra-file=/dev/stdin', ...special, ...DUMP_OPTIONS, DATABASE_NAME];
      const half = `${file}.half`;
      const run = await start(store, argv, signal);
      run.stream.end(rootOptions(await options.rootPasswordOf(store)));
      let tail = '';
      const watch = new Transform({
        transform(chunk: Buffer, _encoding, done) {
          tail = (tail + chunk.toString('latin1')).slice(-TAIL);
          done(null, chunk);
        },
      });
      try {
        await pipeline(run.stdout, watch, createGzip({ level: 1 }), createWriteStream(half, { mode: 0o600 }), {
          signal,
        });
        await run.verdict();
        if (!COMPLETED.test(tail)) throw failed(store, `The dump of ${store.id} is not whole.`, '');
        await rename(half, file);
      } finally {
        run.stream.destroy();
        await rm(half, { force: true });
      }
    },

    async putBack(store, name, signal) {
      const file = await fileOf(store, name);
      if (!(await isThere(file))) return;
      const server = serverOf(store);
      const argv = [CLIENT[server], `--defaults-extra-file=${CLIENT_OPTIONS}`, DATABASE_NAME];
      const run = await start(store, argv, signal);
      run.stdout.resume();
      const ended = new Promise<void>((resolve) => run.stdout.once('end', resolve));
      try {
        await pipeline(createReadStream(file), createGunzip(), run.stream, { signal, end: true });
        await ended;
        await run.verdict();
      } finally {
        run.stream.destroy();
      }
    },

    async drop(store, name) {
      await rm(await fileOf(store, name), { force: true });
    },
  };
}

/** An option file for root on the server's own socket. */
function rootOptions(password: string): string {
  const quoted = password.replaceAll('\\', '\\\\').replaceAll('"', '\\"');
  return `[client]\nsocket=/run/mysqld/mysqld.sock\nuser=root\npassword="${quoted}"\n`;
}

function failed(store: Store, message: string, logTail: string): AppError {
  return new AppError('shop_command_failed', message, {
    hint: `Look at its log: shopctl store logs ${store.id} --service db`,
    ...(logTail === '' ? {} : { logTail }),
  });
}

const isThere = (file: string): Promise<boolean> =>
  stat(file).then(
    () => true,
    () => false,
  );
