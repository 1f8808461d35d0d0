import type { Command } from 'commander';
import { z } from 'zod';
import { InvalidInputError } from '../../domain/errors.ts';
import { SECOND } from '../../lib/time.ts';
import type { StoreView } from '../../stores/present-store.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { STORE_COLUMNS, storeFacts } from '../print-store.ts';
import { elapsed } from '../readable.ts';
import { type Call, defineCommand, defineGroup, type Session } from '../session.ts';
import { type Goal, watchStore } from '../watch-store.ts';
import { deletionFacts } from './deletion-preview.ts';
import { addStoreAccessCommands } from './store-access.ts';
import { addStoreCacheCommand } from './store-cache.ts';
import { addStoreLogsCommand } from './store-logs.ts';
import { addStoreMailCommands } from './store-mail.ts';
import { storeOf } from './store-of.ts';
import { addStoreSettingsCommand } from './store-settings.ts';
import { withoutUndefined } from './without-undefined.ts';

const DEFAULT_TIMEOUT_SECONDS = 900;
/** Node's timers hold 2^31 ms; nobody waits 24 days. */
const MAX_TIMEOUT_SECONDS = 2_000_000;

const text = z.string().optional();

const waitOptions = z.object({
  wait: z.boolean().default(false),
  timeout: z.coerce
    .number('must be a number of seconds')
    .positive('must be more than 0')
    .max(MAX_TIMEOUT_SECONDS)
    .default(DEFAULT_TIMEOUT_SECONDS),
});
type WaitOptions = z.infer<typeof waitOptions>;

const addWaitOptions = (command: Command): Command =>
  command
    .option('--wait', 'stay until it is done; Ctrl-C detaches, the work goes on')
    .option(
      '--timeout <seconds>',
      `with --wait: look no longer than this (default ${DEFAULT_TIMEOUT_SECONDS}); exit code 6`,
    );

/** `store …`: the life of a store by hand. Every ID may also be a store's name. */
export function addStoreCommands(program: Command, session: Session): void {
  const store = defineGroup(program, 'store', 'create, look at, mend and delete stores');

  defineCommand(store, session, {
    usage: 'create',
    summary: 'make a store',
    examples: [
      'shopctl store create --platform woocommerce --name demo --email owner@example.com --wait',
      'shopctl store create --platform wordpress --name blog --email owner@example.com --title "My blog" --plan business',
      'shopctl store create --platform woocommerce --name roses --email owner@example.com --country DE --currency EUR --timezone Europe/Berlin',
    ],
    configure: (command) =>
      addWaitOptions(
        command
          .requiredOption('--platform <platform>', 'woocommerce, wordpress or magento')
          .requiredOption('--name <name>', 'the label in front of the base domain')
          .requiredOption('--email <email>', "the owner's address; a new one becomes a customer")
          .option('--title <title>', 'what the shop calls itself; any text (default: its name)')
          .option('--country <country>', 'where the shop stands: two letters, like DE (default: SHOP_COUNTRY)')
          .option('--currency <currency>', 'what it sells in: three letters, like EUR (default: SHOP_CURRENCY)')
          .option('--timezone <zone>', 'like Europe/Berlin (default: SHOP_TIMEZONE)')
          .option('--locale <locale>', 'its language, where its platform can begin in it, like de_DE')
          .option('--domain <domain>', "the customer's own domain, attached later")
          .option('--plan <plan>', 'starter, business or scale'),
      ),
    options: waitOptions.extend({
      platform: z.string(),
      name: z.string(),
      email: z.string(),
      title: text,
      country: text,
      currency: text,
      timezone: text,
      locale: text,
      domain: z.string().optional(),
      plan: z.string().optional(),
    }),
    async run(call) {
      const { wait: _wait, timeout: _timeout, ...input } = call.options;
      return finish(call, await call.actions.createStore(withoutUndefined(input)), 'active');
    },
  });

  defineCommand(store, session, {
    usage: 'list',
    summary: 'all stores, newest first',
    configure: (command) =>
      command
        .option('--status <status>', 'only these, e.g. failed')
        .option('--customer <customer>', 'only those of one customer (id or e-mail)')
        .option('--search <text>', 'what the name, domain, id or owner begins with, or the port'),
    options: z.object({
      status: z.string().optional(),
      customer: z.string().optional(),
      search: z.string().optional(),
    }),
    async run({ options, actions, printer }) {
      const items = await actions.listStores(withoutUndefined(options));
      printer.list(items, STORE_COLUMNS, 'No stores. Make one: shopctl store create --help');
    },
  });

  defineCommand(store, session, {
    usage: 'show <id>',
    summary: 'one store, with the steps of its run; --wait watches it until it is active or failed',
    configure: addWaitOptions,
    options: waitOptions,
    async run(call) {
      const found = await storeOf(call);
      const goal = goalOf(found);
      return finish(call, found, goal, { hasJustBegun: false });
    },
  });

  defineCommand(store, session, {
    usage: 'credentials <id>',
    summary: 'addresses, user names and passwords of a store (leaves a line in the audit log)',
    options: z.object({}),
    async run(call) {
      const { admin, database } = await call.actions.readCredentials((await storeOf(call)).id);
      call.printer.object({ admin, database }, [
        ['admin url', admin.url],
        ['user name', admin.username],
        ['password', admin.password],
        ...(admin.nextPassword === undefined ? [] : [['new one, if that is refused', admin.nextPassword] as const]),
        ['e-mail', admin.email],
        ...Object.entries(database).map(([name, value]) => [`database ${name}`, value] as const),
      ]);
    },
  });

  addStoreAccessCommands(store, session);
  addStoreLogsCommand(store, session);
  addStoreSettingsCommand(store, session);
  addStoreMailCommands(store, session);
  addStoreCacheCommand(store, session);

  defineCommand(store, session, {
    usage: 'retry <id>',
    summary: 'go on with a pending or failed store where it stopped',
    configure: addWaitOptions,
    options: waitOptions,
    async run(call) {
      const before = await storeOf(call);
      return finish(call, await call.actions.retryStore(before.id), 'active');
    },
  });

  defineCommand(store, session, {
    usage: 'repair <id>',
    summary: 'make an active store again what it should be; never an upgrade',
    configure: addWaitOptions,
    options: waitOptions,
    async run(call) {
      const before = await storeOf(call);
      return finish(call, await call.actions.repairStore(before.id), 'repaired');
    },
  });

  defineCommand(store, session, {
    usage: 'suspend <id>',
    summary: 'close a store: visitors see a friendly page, nothing runs, everything is kept',
    examples: ['shopctl store suspend demo --reason "invoice 2041 unpaid" --text "A payment is missing." --wait'],
    configure: (command) =>
      addWaitOptions(
        command
          .requiredOption('--reason <reason>', 'why; for operators and the ledger')
          .option('--text <text>', 'what its owner reads about it, on the page and by mail'),
      ),
    options: waitOptions.extend({ reason: z.string(), text: z.string().optional() }),
    async run(call) {
      const { reason, text } = call.options;
      const { id: storeId } = await storeOf(call);
      const input = { storeId, reason, ...(text !== undefined && { text }) };
      return finish(call, await call.actions.suspendStore(input), 'changed');
    },
  });

  defineCommand(store, session, {
    usage: 'resume <id>',
    summary: 'open a suspended store again, whoever closed it',
    configure: addWaitOptions,
    options: waitOptions,
    async run(call) {
      return finish(call, await call.actions.resumeStore((await storeOf(call)).id), 'changed');
    },
  });

  defineCommand(store, session, {
    usage: 'restart <id>',
    summary: 'start every part of an open store anew, one after the other; nothing is changed',
    examples: ['shopctl store restart demo --wait'],
    configure: addWaitOptions,
    options: waitOptions,
    async run(call) {
      return finish(call, await call.actions.restartStore((await storeOf(call)).id), 'changed');
    },
  });

  defineCommand(store, session, {
    usage: 'resize <id>',
    summary: 'give a store another plan while it is open; nothing is restarted',
    examples: ['shopctl store resize demo --plan business --wait'],
    configure: (command) => addWaitOptions(command.requiredOption('--plan <plan>', 'starter, business or scale')),
    options: waitOptions.extend({ plan: z.string() }),
    async run(call) {
      const { id: storeId } = await storeOf(call);
      return finish(call, await call.actions.resizeStore({ storeId, plan: call.options.plan }), 'changed');
    },
  });

  defineCommand(store, session, {
    usage: 'rotate <id>',
    summary: "give the shop's administrator or its database a new password, with the shop open",
    examples: ['shopctl store rotate demo --database --wait', 'shopctl store credentials demo'],
    configure: (command) =>
      addWaitOptions(
        command
          .option('--admin', 'of the administrator; whoever is signed in with the old one is signed out')
          .option('--database', 'of the database; programs of the owner that hold the old one are refused'),
      ),
    options: waitOptions.extend({ admin: z.boolean().default(false), database: z.boolean().default(false) }),
    async run(call) {
      const { admin, database } = call.options;
      if (admin === database) throw new InvalidInputError('admin', 'Say whose password: --admin or --database');
      const { id: storeId } = await storeOf(call);
      const whose = admin ? 'admin' : 'database';
      return finish(call, await call.actions.rotateStore({ storeId, whose }), 'changed');
    },
  });

  defineCommand(store, session, {
    usage: 'undo-delete <id>',
    summary: "end an owner's deletion in its days of grace",
    configure: addWaitOptions,
    options: waitOptions,
    async run(call) {
      return finish(call, await call.actions.undoDeleteStore((await storeOf(call)).id), 'changed');
    },
  });

  defineCommand(store, session, {
    usage: 'delete <id>',
    summary: 'delete a store with everything in it, at once',
    examples: ['shopctl store delete demo --dry-run', 'shopctl store delete demo --yes --wait'],
    configure: (command) =>
      addWaitOptions(
        command.option('--yes', 'do not ask').option('--dry-run', 'only tell what would go, and delete nothing'),
      ),
    options: waitOptions.extend({ yes: z.boolean().default(false), dryRun: z.boolean().default(false) }),
    async run(call) {
      const found = await storeOf(call);
      if (call.options.dryRun) {
        const preview = await call.actions.previewDelete({ storeId: found.id, signal: call.io.interrupt });
        call.printer.object(preview, deletionFacts(preview));
        call.printer.note('Nothing was deleted.');
        return EXIT.ok;
      }
      if (!call.options.yes && !(await isConfirmed(call, found))) return EXIT.failed;
      return finish(call, await call.actions.deleteStore(found.id), 'gone');
    },
  });
}

/** What there is to wait for with a store that is so. */
function goalOf({ status, run }: StoreView): Goal {
  if (status === 'deleting') return 'gone';
  if (run !== null && run.kind !== 'provision' && run.kind !== 'repair') return 'changed';
  return status === 'active' ? 'repaired' : 'active';
}

async function isConfirmed({ io, printer }: Call<unknown>, store: StoreView): Promise<boolean> {
  if (io.ask === undefined || printer.json) {
    throw new InvalidInputError('yes', `Deleting ${store.name} removes everything in it. Say that you mean it: --yes`);
  }
  const answer = await io.ask(
    `This deletes ${store.url} with everything in it. Type its name (${store.name}) to go on: `,
  );
  if (answer.trim() === store.name) return true;
  io.err('Nothing was deleted.');
  return false;
}

/** Without `--wait`: prints the store and says what next. With it: watches, prints what it came to, and says so by exit code. */
async function finish(
  call: Call<WaitOptions>,
  from: StoreView,
  goal: Goal,
  { hasJustBegun = true }: { hasJustBegun?: boolean } = {},
): Promise<ExitCode> {
  const { options, printer, io, actions } = call;
  if (!options.wait) {
    printer.object(from, storeFacts(from));
    if (hasJustBegun) printer.note(`It is being worked on. Watch it: shopctl store show ${from.id} --wait`);
    return EXIT.ok;
  }
  const startedAt = performance.now();
  const { outcome, store = from } = await watchStore({
    findStore: actions.findStore,
    from,
    goal,
    timeoutMs: options.timeout * SECOND,
    interrupt: io.interrupt,
    onProgress: printer.note,
  });
  printer.object(store, storeFacts(store));
  const took = elapsed(performance.now() - startedAt);
  const next = `Watch it again: shopctl store show ${from.id} --wait`;
  switch (outcome) {
    case 'reached':
      printer.note(wordsWhenReached(goal, took, store));
      return EXIT.ok;
    case 'timed-out':
      io.err(`Not done within ${options.timeout} s. The work goes on. ${next}`);
      return EXIT.timedOut;
    case 'detached':
      io.err(`Detached after ${took}. The work goes on. ${next}`);
      return EXIT.interrupted;
    case 'failed': {
      const error = goal === 'changed' ? (store.run?.error ?? null) : store.error;
      io.err(`Failed after ${took}${error === null ? '.' : `: ${error.message}`}`);
      if (error?.hint) io.err(`  ${error.hint}`);
      if (goal !== 'changed') {
        io.err(
          `  Try again where it stopped: shopctl store retry ${store.id} --wait   Look: shopctl store logs ${store.id}`,
        );
      }
      return EXIT.failed;
    }
  }
}

function wordsWhenReached(goal: Goal, took: string, { id, status }: StoreView): string {
  if (goal === 'gone') return `Gone after ${took}. Nothing of it is left.`;
  if (goal === 'changed') return `Done after ${took}. It is ${status} now.`;
  return `Done after ${took}. Sign in: shopctl store credentials ${id}`;
}
