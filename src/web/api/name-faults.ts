import type { z } from 'zod';

const LONGEST_NAME = 60;
const WHOLE = 'body';

/** What is wrong with which field, in words that repeat nothing of what was sent but a field's own name. */
export function fieldsOf(error: z.ZodError): Readonly<Record<string, string>> {
  const faults = error.issues.flatMap((issue): [string, string][] => {
    const place = issue.path.map(String).join('.');
    if (issue.code !== 'unrecognized_keys') return [[place === '' ? WHOLE : place, `${issue.message}.`]];
    return issue.keys.map((key) => [[place, key].filter((part) => part !== '').join('.'), 'This field is not known.']);
  });
  return Object.fromEntries(faults.map(([name, text]) => [name.slice(0, LONGEST_NAME), text]));
}
