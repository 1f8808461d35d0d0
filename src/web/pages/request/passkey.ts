import { redirectDocument } from 'react-router';
import type { PageContext } from '../../page-context.ts';
import type { PasskeyQuestion } from '../../services/passkeys.ts';
import { textOf } from './form.ts';
import { headersOf, problemOf } from './problem.ts';
import { signedInHeaders } from './signed-in.ts';

/** The field in which a browser sends what an authenticator has answered. */
export const PASSKEY_FIELD = 'passkey';

/** What the script of a page gets that has asked for a question; the browser keeps the question until it is answered. */
export type PasskeyAsked = { readonly options: object } | { readonly sentence: string };

/** A question to a passkey, or why there is none, for the script that asks. */
export async function askPasskey(page: PageContext, ask: Promise<PasskeyQuestion<object>>): Promise<Response> {
  try {
    const { question, options } = await ask;
    const headers: [string, string][] = [['Set-Cookie', page.cookies.passkeyQuestion(question)]];
    return Response.json({ options } satisfies PasskeyAsked, { headers });
  } catch (thrown) {
    const problem = problemOf(thrown, page);
    const sentence = Object.values(problem.fields)[0] ?? problem.sentence;
    return Response.json({ sentence } satisfies PasskeyAsked, { status: problem.status, headers: headersOf(problem) });
  }
}

/** What was answered, and to which question. */
export const passkeyAnswerIn = (page: Pick<PageContext, 'passkeyQuestion'>, form: FormData) => ({
  question: page.passkeyQuestion ?? '',
  answer: textOf(form, PASSKEY_FIELD),
});

/** Ends a log-in by the passkey in the form, also one that waits for its second step. Throws what the service throws. */
export async function logInByPasskey(page: PageContext, form: FormData, next: string): Promise<Response> {
  const input = { ...passkeyAnswerIn(page, form), token: page.token };
  const kept = await page.services.security.logInWithPasskey(input, page.visitor);
  const over = [page.cookies.passkeyAnswered(), page.cookies.pendingOver()];
  const headers = [...signedInHeaders(page, kept), ...over.map((cookie): [string, string] => ['Set-Cookie', cookie])];
  return redirectDocument(next, { status: 303, headers });
}
