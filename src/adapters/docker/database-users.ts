import type Docker from 'dockerode';
import { AppError } from '../../domain/errors.ts';
import { containerOf, DATABASE_NAME, DATABASE_USER } from '../../domain/names.ts';
import type { Store } from '../../domain/store.ts';
import { pause } from '../../lib/deadline.ts';
import { SECOND } from '../../lib/time.ts';
import { execInContainer } from './exec-in-container.ts';

export type DatabaseServer = 'mysql' | 'mariadb';

export interface DatabaseUsersOptions {
  readonly docker: Docker;
  /** The password of the database's own root. */
  readonly rootPasswordOf: (store: Store) => Promise<string>;
  /** Which server the store's `db` service is. */
  readonly serverOf: (store: Store) => DatabaseServer;
}

export interface DatabaseUsers {
  /** The shop's own user gets in with either of both, from now on until `acceptOnly` or a start of the server. */
  acceptBoth(store: Store, passwords: { before: string; next: string }, signal: AbortSignal): Promise<void>;
  /** With this one alone; it has to be one of those that are accepted. Who is connected stays so. */
  acceptOnly(store: Store, password: string, signal: AbortSignal): Promise<void>;
  /** Somebody else gets in too, and may work with the rows and tables of the shop; an earlier one of the name is gone. */
  admit(store: Store, guest: { username: string; password: string }, signal: AbortSignal): Promise<void>;
  /** Nobody gets in as this guest, nor goes on with what he has begun. */
  dismiss(store: Store, username: string, signal: AbortSignal): Promise<void>;
  /** The server's own look at its health signs in with this one. */
  checkHealthWith(store: Store, password: string, signal: AbortSignal): Promise<void>;
}

const SERVICE = 'db';
const USER = `'${DATABASE_USER}'@'%'`;
/** The images' option file for their health check: who, where, with what password. */
const HEALTH_OPTIONS = '/run/mysqld/health.cnf';
const LOCKED = 75;
const LOCK_RETRY_MS = SECOND / 4;
/**
 * One at a time and not for long, whoever asked: what a worker that is gone left behind must not teach the server an old
 * password after its successor has taught it the new one. Nobody waits for the lock inside, where whoever waits may be
 * late: who asks waits here, and is gone with its worker.
 */
const ALONE = [
  ...['flock', '--nonblock', '--conflict-exit-code', `${LOCKED}`, '/tmp/database-users.lock'],
  ...['timeout', '--kill-after=5', '20'],
];
/** One person's pages, and a statement of theirs that takes long. */
const GUEST_CONNECTIONS = 5;
/** Nothing that outlives the guest in its name: what a view or a trigger may do is asked of whoever made it. */
const GUEST_RIGHTS =
  'SELECT, INSERT, UPDATE, DELETE, CREATE, DROP, REFERENCES, INDEX, ALTER, CREATE TEMPORARY TABLES, LOCK TABLES, SHOW VIEW, EXECUTE';
/** A password of ours is letters and digits: nothing in it can end a text of SQL or of an option file. */
const PLAIN = /^[A-Za-z0-9]{8,200}$/;

/** How each of the two says it. Each may be repeated, and no statement ends what the file or a visitor still uses. */
const STATEMENTS = {
  mysql: {
    // The first makes a repetition harmless: retaining what is current twice would lose the other one.
    acceptBoth: ({ before, next }: { before: string; next: string }) => [
      `ALTER USER ${USER} IDENTIFIED BY '${before}' RETAIN CURRENT PASSWORD`,
      `ALTER USER ${USER} IDENTIFIED BY '${next}' RETAIN CURRENT PASSWORD`,
    ],
    acceptOnly: (password: string) => [
      `ALTER USER ${USER} IDENTIFIED BY '${password}'`,
      `ALTER USER ${USER} DISCARD OLD PASSWORD`,
    ],
  },
  mariadb: {
    acceptBoth: ({ before, next }: { before: string; next: string }) => [
      `ALTER USER ${USER} IDENTIFIED VIA mysql_native_password USING PASSWORD('${next}') OR mysql_native_password USING PASSWORD('${before}')`,
    ],
    acceptOnly: (password: string) => [`ALTER USER ${USER} IDENTIFIED BY '${password}'`],
  },
} as const;

/**
 * Who may sign in to a store's database, told by its own client inside its container. Passwords go in by standard input,
 * as part of an option file: none is an argument, in the environment or in a file that stays. Everything throws
 * `shop_command_failed`, which time may heal, without the statement.
 */
export function createDatabaseUsers({ docker, rootPasswordOf, serverOf }: DatabaseUsersOptions): DatabaseUsers {
  async function inside(store: Store, argv: readonly string[], input: string, signal: AbortSignal): Promise<string> {
    const container = containerOf(store, SERVICE);
    const ask = () => execInContainer(docker, container, [...ALONE, ...argv], { signal, input });
    let { exitCode, output } = await ask();
    while (exitCode === LOCKED) {
      await pause(LOCK_RETRY_MS, signal);
      ({ exitCode, output } = await ask());
    }
    if (exitCode === 0) return output;
    throw new AppError('shop_command_failed', `${argv[0]} in the database of ${store.id} did not work.`, {
      retryable: true,
      hint: `Look at its log: shopctl store logs ${store.id} --source db`,
    });
  }

  async function connectionsOf(store: Store, username: string, signal: AbortSignal): Promise<number[]> {
    const options = `[client]\nsocket=/run/mysqld/mysqld.sock\nuser=root\npassword="${plain(await rootPasswordOf(store))}"\n`;
    const query = `SELECT ID FROM information_schema.PROCESSLIST WHERE USER = '${username}'`;
    const argv = [serverOf(store), '--defaults-extra-file=/dev/stdin', '--batch', '--skip-column-names'];
    const output = await inside(store, [...argv, `--execute=${query}`], options, signal);
    return (output.match(/^\d+$/gm) ?? []).map(Number);
  }

  async function perform(store: Store, statements: readonly string[], signal: AbortSignal): Promise<void> {
    const password = await rootPasswordOf(store);
    const client = serverOf(store);
    // Of the server's own statements each is one connection: what fails there ends the program.
    for (const statement of statements) {
      const options = `[client]\nsocket=/run/mysqld/mysqld.sock\nuser=root\npassword="${plain(password)}"\n[mysql]\ninit-command="${statement}"\n`;
      await inside(store, [client, '--defaults-extra-file=/dev/stdin', '--batch', '--execute=DO 0'], options, signal);
    }
  }

  return {
    acceptBoth: (store, { before, next }, signal) =>
      perform(store, STATEMENTS[serverOf(store)].acceptBoth({ before: plain(before), next: plain(next) }), signal),
    acceptOnly: (store, password, signal) =>
      perform(store, STATEMENTS[serverOf(store)].acceptOnly(plain(password)), signal),
    admit: (store, { username, password }, signal) =>
      perform(
        store,
        [
          `DROP USER IF EXISTS ${guestOf(username)}`,
          `CREATE USER ${guestOf(username)} IDENTIFIED BY '${plain(password)}' WITH MAX_USER_CONNECTIONS ${GUEST_CONNECTIONS}`,
          `GRANT ${GUEST_RIGHTS} ON \`${DATABASE_NAME}\`.* TO ${guestOf(username)}`,
        ],
        signal,
      ),
    async dismiss(store, username, signal) {
      await perform(store, [`DROP USER IF EXISTS ${guestOf(username)}`], signal);
      // What runs already is ended by no DROP.
      for (const id of await connectionsOf(store, username, signal)) {
        await perform(store, [`KILL ${id}`], signal).catch(async (thrown: unknown) => {
          if ((await connectionsOf(store, username, signal)).includes(id)) throw thrown;
        });
      }
    },
    async checkHealthWith(store, password, signal) {
      const known = await inside(store, ['cat', HEALTH_OPTIONS], '', signal);
      const options = known.replace(/^password=.*$/m, `password="${plain(password)}"`);
      if (options === known) return;
      // Beside, then renamed: a look in between finds a whole one.
      const beside = `${HEALTH_OPTIONS}.new`;
      await inside(store, ['install', '-m', '600', '/dev/stdin', beside], options, signal);
      await inside(store, ['mv', '-f', beside, HEALTH_OPTIONS], '', signal);
    },
  };
}

function guestOf(username: string): string {
  if (/^[a-z]{3,16}$/.test(username) && username !== DATABASE_USER) return `'${username}'@'%'`;
  throw new AppError('internal_error', 'A guest of a database has no name of ours.');
}

function plain(password: string): string {
  if (PLAIN.test(password)) return password;
  throw new AppError('internal_error', 'A password of a database is not one of ours.');
}
