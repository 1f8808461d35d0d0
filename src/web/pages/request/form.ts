import { data } from 'react-router';
import { headersOf, type Problem } from './problem.ts';

/** What a form shows again after it was refused. `values` never hold a password. */
export interface Refusal {
  /** By the form's own field name. */
  readonly errors: Readonly<Record<string, string>>;
  /** What is wrong beyond the fields; `null` when the fields say it all. */
  readonly sentence: string | null;
  readonly values: Readonly<Record<string, string>>;
  /** Set where the reader may want to ask the support. */
  readonly reference: string | null;
}

/** The form that was posted; a body that is none counts as an empty one, and the fields say what is missing. */
export async function formOf(request: Request): Promise<FormData> {
  try {
    return await request.formData();
  } catch {
    return new FormData();
  }
}

/** Text fields of a form, by name; files and what is absent count as empty. */
export function textOf(form: FormData, name: string): string {
  const value = form.get(name);
  return typeof value === 'string' ? value : '';
}

/**
 * The answer to a refused form: status, headers and what to show beside the fields. `fieldNames` says under which of
 * the form's names a service's field is shown; a field without one becomes part of the sentence.
 */
export function refuse(
  problem: Problem,
  form: {
    readonly values: Readonly<Record<string, string>>;
    readonly fieldNames: Readonly<Record<string, string>>;
    readonly headers?: readonly [string, string][];
  },
) {
  const told = Object.entries(problem.fields);
  const known = told.filter(([field]) => Object.hasOwn(form.fieldNames, field));
  const rest = told.filter(([field]) => !Object.hasOwn(form.fieldNames, field)).map(([, sentence]) => sentence);
  const refusal: Refusal = {
    errors: Object.fromEntries(known.map(([field, sentence]) => [form.fieldNames[field] ?? field, sentence])),
    sentence: rest.length > 0 ? rest.join(' ') : known.length > 0 ? null : problem.sentence,
    values: form.values,
    reference: problem.status >= 500 ? problem.requestId : null,
  };
  const headers = [...Object.entries(headersOf(problem)), ...(form.headers ?? [])];
  return data(refusal, { status: problem.status, headers });
}
