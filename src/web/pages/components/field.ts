import type { Refusal } from '../request/form.ts';

/** What every text field of a form has: its name as id for the summary's link, the value kept, its error beside it. */
export function fieldProps(name: string, refusal: Refusal | undefined) {
  const error = refusal?.errors[name];
  const value = refusal?.values[name];
  return {
    id: name,
    name,
    ...(error === undefined ? {} : { error, 'aria-invalid': true }),
    ...(value === undefined ? {} : { defaultValue: value }),
  };
}

/** The eye in a password field can be reached by keyboard and says what it does. */
export const SHOW_PASSWORD = { 'aria-label': 'Show password', tabIndex: 0, className: 'needs-script' };
