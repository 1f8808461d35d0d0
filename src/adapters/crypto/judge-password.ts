import type { ZxcvbnFactory } from '@zxcvbn-ts/core';

/** Letters taken for digits and signs: more ways to read one text than that take long and find nothing more. */
const MOST_READINGS = 8;

let loading: Promise<ZxcvbnFactory> | undefined;

/**
 * How hard a password is to guess (zxcvbn): 0 to 4, and the name of what makes it easy. The lists of common passwords
 * are large, so they are loaded with the first one that is judged.
 */
export async function judgePassword(
  password: string,
  about: readonly string[],
): Promise<{ readonly score: number; readonly weakness: string | null }> {
  loading ??= load();
  const { score, feedback } = (await loading).check(password, [...about]);
  return { score, weakness: feedback.warning };
}

async function load(): Promise<ZxcvbnFactory> {
  const [core, common] = await Promise.all([import('@zxcvbn-ts/core'), import('@zxcvbn-ts/language-common')]);
  // As a module the package hands its graphs on with a `default` among them, which is none.
  const graphs = Object.fromEntries(Object.entries(common.adjacencyGraphs).filter(([name]) => name !== 'default'));
  return new core.ZxcvbnFactory({ dictionary: common.dictionary, graphs, l33tMaxSubstitutions: MOST_READINGS });
}
