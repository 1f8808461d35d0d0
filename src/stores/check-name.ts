import { parseStoreName } from '../domain/domain-name.ts';
import { InvalidInputError } from '../domain/errors.ts';
import type { NameAnswer } from '../web/services.ts';

const SUGGESTIONS = 3;
const ENDINGS = ['shop', 'store', '2', 'online', 'market', '24'];
const MAX_NAME_LENGTH = 40;

/** Can a store have this name? Never throws for what was typed: a name that is none gets its reason. */
export function createNameCheck(deps: {
  /** What follows the name in the address bar. */
  readonly hostSuffix: string;
  /** Those of the names that some store has. */
  readonly taken: (names: readonly string[]) => Promise<readonly string[]>;
}): (text: string) => Promise<NameAnswer> {
  return async (text) => {
    const parsed = tryParse(text);
    if ('reason' in parsed) {
      return { name: '', host: '', available: false, reason: parsed.reason, suggestions: [] };
    }
    const { name } = parsed;
    const alike = namesLike(name);
    const taken = await deps.taken([name, ...alike]);
    const available = !taken.includes(name);
    return {
      name,
      host: `${name}${deps.hostSuffix}`,
      available,
      reason: available ? null : 'This name is taken already.',
      suggestions: available ? [] : alike.filter((other) => !taken.includes(other)).slice(0, SUGGESTIONS),
    };
  };
}

function tryParse(text: string): { name: string } | { reason: string } {
  try {
    return { name: parseStoreName(text) };
  } catch (thrown) {
    if (thrown instanceof InvalidInputError) return { reason: thrown.message };
    throw thrown;
  }
}

function namesLike(name: string): string[] {
  return ENDINGS.map((ending) => `${name}-${ending}`).filter((other) => other.length <= MAX_NAME_LENGTH);
}
