import { Button } from '@mantine/core';
import { isRouteErrorResponse, Link, useRouteError, useRouteLoaderData } from 'react-router';
import { isProblem } from '../request/problem.ts';
import { PROBLEM_TEXT_OF_CODE, PROBLEM_TEXTS, type ProblemText, wayFor } from '../words/problems.ts';
import { useAnswerFacts } from './answer-facts.ts';
import { ContactSupport } from './contact-support.tsx';
import { Reference } from './reference.tsx';

/** What a page shows when it cannot show itself: what happened, what to do, and what to tell the support. */
export function ProblemPage() {
  const error = useRouteError();
  const root = useRouteLoaderData<{ requestId: string; email: string | null } | undefined>('root');
  const { page } = useAnswerFacts();
  const problem = isRouteErrorResponse(error) && isProblem(error.data) ? error.data : undefined;
  const status = isRouteErrorResponse(error) ? error.status : 500;
  const ofCode = problem === undefined ? undefined : PROBLEM_TEXT_OF_CODE[problem.code];
  const text: ProblemText = ofCode ?? PROBLEM_TEXTS[status] ?? PROBLEM_TEXTS[500];
  const sentence = status === 404 ? text.sentence : (problem?.sentence ?? text.sentence);
  const reference = problem?.requestId ?? root?.requestId ?? page?.requestId;
  const way = wayFor(text, (root ?? page)?.email ?? null);
  const hasReference = reference !== undefined && status !== 404;
  return (
    <section className="narrow stack">
      <title>{`${text.title} · ShopHosting`}</title>
      <p className="soft small">{status}</p>
      <h1>{text.title}</h1>
      <p>{sentence}</p>
      <p className="soft">{text.advice}</p>
      <div className="row">
        <Button component={Link} to={way.to} reloadDocument={true}>
          {way.label}
        </Button>
        {hasReference && <ContactSupport reference={reference} />}
      </div>
      {hasReference && <Reference id={reference} />}
    </section>
  );
}
