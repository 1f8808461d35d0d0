import { describe, expect, it } from 'vitest';
import { AppError, InvalidFormError, InvalidInputError, TooManyTriesError } from '../../../domain/errors.ts';
import { MINUTE, SECOND } from '../../../lib/time.ts';
import { asAnswer, headersOf, isProblem, orProblem, type Problem, problemOf } from './problem.ts';

function aPage() {
  const reported: unknown[] = [];
  return { requestId: 'req_1', report: (error: unknown) => void reported.push(error), reported };
}

/** What the same error looks like when it was made by another bundle's class. */
function fromAnotherBundle(error: AppError): unknown {
  return Object.assign(new Error(error.message), { ...error });
}

describe('a problem', () => {
  it('has the code, the status and the sentence for customers, never the operators’ message', () => {
    const problem = problemOf(new AppError('worker_unavailable', 'connect ENOENT /run/worker.sock'), aPage());

    expect(problem).toMatchObject({ code: 'worker_unavailable', status: 503, requestId: 'req_1' });
    expect(JSON.stringify(problem)).not.toContain('worker.sock');
  });

  it('names the fields of a form, also when the error is of another class', () => {
    const one = problemOf(fromAnotherBundle(new InvalidInputError('name', 'Too short.')), aPage());
    const many = problemOf(fromAnotherBundle(new InvalidFormError({ email: 'No.', plan: 'Gone.' })), aPage());

    expect(one).toMatchObject({ status: 422, fields: { name: 'Too short.' } });
    expect(many).toMatchObject({ status: 422, fields: { email: 'No.', plan: 'Gone.' } });
  });

  it('says how long to wait, in words and in the header', () => {
    const problem = problemOf(new TooManyTriesError('logins', 2.5 * MINUTE), aPage());

    expect(problem).toMatchObject({ status: 429, retryAfterMs: 150 * SECOND });
    expect(problem.sentence).toContain('3 minutes');
    expect(headersOf(problem)).toEqual({ 'Retry-After': '150' });
  });

  it.each([new TypeError('x is undefined'), 'text', undefined, { code: 'ECONNRESET' }])(
    'what nobody expected is told as our fault, and reported: %j',
    (thrown) => {
      const page = aPage();

      expect(problemOf(thrown, page)).toMatchObject({ code: 'internal_error', status: 500 });
      expect(page.reported).toEqual([thrown]);
    },
  );

  it('a visitor’s mistake is no news for the log', () => {
    const page = aPage();

    problemOf(new AppError('wrong_credentials', 'no'), page);

    expect(page.reported).toEqual([]);
  });
});

describe('waiting for a service', () => {
  const page = aPage() as unknown as Parameters<typeof orProblem>[0];

  it('hands on what it answers', async () => {
    expect(await orProblem(page, Promise.resolve(7))).toBe(7);
  });

  it('throws the problem with its status', async () => {
    const thrown: unknown = await orProblem(page, Promise.reject(new AppError('not_found', 'no'))).catch(
      (error) => error,
    );

    expect(thrown).toMatchObject({ data: { code: 'not_found' }, init: { status: 404 } });
  });

  it('lets redirects and problems through', async () => {
    const away = Response.redirect('https://example.com/', 303);
    const told = asAnswer(problemOf(new AppError('not_found', 'no'), page));

    await expect(orProblem(page, Promise.reject(away))).rejects.toBe(away);
    await expect(orProblem(page, Promise.reject(told))).rejects.toBe(told);
  });
});

it.each([null, 'text', {}, { code: 'ENOENT' }, { code: 'toString' }])('%j is no problem of ours', (value) => {
  expect(isProblem(value)).toBe(false);
});

it('a problem is known as one after it has crossed the wire', () => {
  const problem = problemOf(new AppError('not_found', 'no'), aPage());

  expect(isProblem(JSON.parse(JSON.stringify(problem)) as Problem)).toBe(true);
});
