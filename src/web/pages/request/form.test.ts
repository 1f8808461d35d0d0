import { describe, expect, it } from 'vitest';
import { AppError, InvalidFormError, TooManyTriesError } from '../../../domain/errors.ts';
import { SECOND } from '../../../lib/time.ts';
import { formOf, refuse, textOf } from './form.ts';
import { problemOf } from './problem.ts';

const PAGE = { requestId: 'req_1', report: () => undefined };
const FORM = { values: { email: 'a@b.example' }, fieldNames: { email: 'email', name: 'store_name' } };

describe('a refused form', () => {
  it('shows each error under the form’s own name of the field, and needs no sentence beside them', () => {
    const { data, init } = refuse(problemOf(new InvalidFormError({ email: 'No.', name: 'Taken.' }), PAGE), FORM);

    expect(data).toEqual({
      errors: { email: 'No.', store_name: 'Taken.' },
      sentence: null,
      values: { email: 'a@b.example' },
      reference: null,
    });
    expect(init?.status).toBe(422);
  });

  it('says in a sentence what belongs to no field of it', () => {
    const { data } = refuse(problemOf(new InvalidFormError({ email: 'No.', key: 'Used before.' }), PAGE), FORM);

    expect(data).toMatchObject({ errors: { email: 'No.' }, sentence: 'Used before.' });
  });

  it('gives a reference only where the fault is ours', () => {
    const ours = refuse(problemOf(new AppError('database_unavailable', 'x'), PAGE), FORM);
    const theirs = refuse(problemOf(new AppError('wrong_credentials', 'x'), PAGE), FORM);

    expect(ours.data.reference).toBe('req_1');
    expect(theirs.data.reference).toBeNull();
  });

  it('carries Retry-After and the cookies of what had happened before', () => {
    const problem = problemOf(new TooManyTriesError('logins', 42 * SECOND), PAGE);

    const { init } = refuse(problem, { ...FORM, headers: [['Set-Cookie', 'a=1']] });

    expect(init?.headers).toEqual([
      ['Retry-After', '42'],
      ['Set-Cookie', 'a=1'],
    ]);
  });
});

describe('reading a form', () => {
  it('takes a file, or nothing at all, for empty text', () => {
    const form = new FormData();
    form.set('email', new Blob(['x']));

    expect([textOf(form, 'email'), textOf(form, 'password')]).toEqual(['', '']);
  });

  it('takes a body that is no form for an empty one', async () => {
    const request = new Request('https://shop.example/', { method: 'POST', body: '{' });

    expect([...(await formOf(request))]).toEqual([]);
  });
});
