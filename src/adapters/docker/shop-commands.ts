import type Docker from 'dockerode';
import { AppError, ShopBusyError } from '../../domain/errors.ts';
import { containerOf } from '../../domain/names.ts';
import type { Store } from '../../domain/store.ts';
import type { ShopCommand } from '../../stacks/stack.ts';
import { execInContainer } from './exec-in-container.ts';

const TAIL_LINES = 40;
/** What `timeout(1)` ends with, and `flock(1)` when another command keeps the lock. */
const TIMED_OUT = 124;
const KILLED = 137;
const LOCKED = 75;
/** What the engine answers with where there is no such program; which of both depends on its age. */
const NOT_THERE = [126, 127];

export interface ShopAnswer {
  readonly exitCode: number;
  /** What the last line of its output says, as JSON; `undefined` when it says nothing of that kind. */
  readonly answer: unknown;
  /** The end of what it printed. */
  readonly tail: string;
}

/**
 * Runs a command of a stack in a store's container: argv without any text of users, everything else as JSON on standard
 * input. Such commands take a lock and a time limit of their own, since a killed worker leaves them running inside.
 */
export async function askInShop(
  docker: Docker,
  store: Pick<Store, 'id'>,
  { service, argv, input }: ShopCommand,
  options: { signal: AbortSignal; onLine?: (line: string) => void },
): Promise<ShopAnswer> {
  const { exitCode, output } = await execInContainer(docker, containerOf(store, service), argv, {
    ...options,
    ...(input === undefined ? {} : { input: JSON.stringify(input) }),
  });
  const lines = output.trim().split('\n');
  return { exitCode, answer: jsonOf(lines.at(-1) ?? ''), tail: lines.slice(-TAIL_LINES).join('\n') };
}

/** How a command ended, as the end of a sentence. */
export function wordsFor(exitCode: number): string {
  if (exitCode === 0) return 'ended without saying what it did';
  if (exitCode === TIMED_OUT || exitCode === KILLED) return 'took too long and was ended';
  if (exitCode === LOCKED) return 'found another command at work and gave up waiting';
  return `ended with exit code ${exitCode}`;
}

/**
 * The commands of a store's platform. Throws `shop_command_failed` with the end of what the command printed; as
 * `ShopBusyError` where another one kept the lock.
 */
export function createShopCommands({ docker }: { docker: Docker }) {
  return {
    run: async (store: Pick<Store, 'id'>, command: ShopCommand, signal: AbortSignal): Promise<object> =>
      answerOf(store, command, await askInShop(docker, store, command, { signal })),

    /** `undefined` where the image that the store was made with has no such program yet. */
    async runIfThere(store: Pick<Store, 'id'>, command: ShopCommand, signal: AbortSignal): Promise<object | undefined> {
      const said = await askInShop(docker, store, command, { signal });
      const isThere = !NOT_THERE.includes(said.exitCode) || !said.tail.includes('no such file or directory');
      return isThere ? answerOf(store, command, said) : undefined;
    },
  };
}

function answerOf(store: Pick<Store, 'id'>, { argv }: ShopCommand, { exitCode, answer, tail }: ShopAnswer): object {
  if (exitCode === 0 && typeof answer === 'object' && answer !== null) return answer;
  const message = `${argv[0]} of ${store.id} ${wordsFor(exitCode)}.`;
  const told = { logTail: tail, hint: `Look at its log: shopctl store logs ${store.id}` };
  if (exitCode === LOCKED) throw new ShopBusyError(message, told);
  throw new AppError('shop_command_failed', message, { retryable: true, ...told });
}

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
