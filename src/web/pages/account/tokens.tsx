import { NativeSelect, TextInput } from '@mantine/core';
import {
  type ActionFunctionArgs,
  data,
  Link,
  type LoaderFunctionArgs,
  redirect,
  useActionData,
  useLoaderData,
} from 'react-router';
import { SCOPES, scopesFor, TOKEN_DAYS } from '../../../domain/api-token.ts';
import { isProofFresh } from '../../../domain/proof.ts';
import { AccountForm } from '../components/account-form.tsx';
import { AccountPage } from '../components/account-page.tsx';
import { fieldProps } from '../components/field.ts';
import { Notice } from '../components/notice.tsx';
import { ProofFirst } from '../components/proof-first.tsx';
import { ShownOnce } from '../components/shown-once.tsx';
import { TokenList } from '../components/token-list.tsx';
import { customerOf } from '../request/customer-of.ts';
import { flash } from '../request/flash.ts';
import { formOf, refuse, textOf } from '../request/form.ts';
import { orProblem, problemOf } from '../request/problem.ts';
import { requireFresh } from '../request/require-fresh.ts';
import './tokens.css';

const FIELD_NAMES = { name: 'name', scopes: 'scopes', days: 'days' };

export const meta = () => [{ title: 'API tokens · ShopHosting' }];

export async function loader({ context }: LoaderFunctionArgs) {
  const page = customerOf(context);
  const { customerId, role, isVerified, provenAt } = page.session;
  return {
    isVerified,
    tokens: await orProblem(page, page.services.tokens.list(customerId)),
    scopes: scopesFor(role).map((name) => ({ name, words: SCOPES[name] })),
    days: [7, 30, TOKEN_DAYS.usual, 180, TOKEN_DAYS.most],
    usualDays: TOKEN_DAYS.usual,
    isProven: isProofFresh(provenAt, new Date()),
  };
}

/** One is revoked by its id; without one, a new one is made, and told in the answer alone. */
export async function action({ request, url, context }: ActionFunctionArgs) {
  const page = customerOf(context);
  const { tokens } = page.services;
  const form = await formOf(request);
  const id = textOf(form, 'token');
  if (id !== '') {
    const { customerId } = page.session;
    await orProblem(page, tokens.revoke({ customerId, id, origin: page.origin }));
    return redirect('/account/tokens', { status: 303, headers: flash(page, 'That token opens nothing any more.') });
  }
  requireFresh(page, url);
  const [name, days] = [textOf(form, 'name'), textOf(form, 'days')];
  const scopes = form.getAll('scopes').map(String);
  try {
    const { secret, view } = await tokens.make({ token: page.token, name, scopes, days: Number(days) }, page.visitor);
    return data({ made: { secret, name: view.name, expiresAt: view.expiresAt }, refusal: undefined });
  } catch (thrown) {
    const values = { name, days, scopes: scopes.join(' ') };
    const { data: refusal, init } = refuse(problemOf(thrown, page), { values, fieldNames: FIELD_NAMES });
    return data({ made: undefined, refusal }, init ?? {});
  }
}

export default function Tokens() {
  const { tokens, scopes, days, usualDays, isVerified, isProven } = useLoaderData<typeof loader>();
  const answer = useActionData<typeof action>();
  if (answer?.made !== undefined) {
    return (
      <AccountPage tab="/account/tokens">
        <ShownOnce
          title={`Your new token: ${answer.made.name}`}
          secret={answer.made.secret}
          what="the token"
          to="/account/tokens"
        >
          Keep it where you keep your passwords. It is not shown again. It works until{' '}
          {answer.made.expiresAt.slice(0, 10)}.
        </ShownOnce>
      </AccountPage>
    );
  }
  const refusal = answer?.refusal;
  const chosen = refusal?.values['scopes']?.split(' ') ?? [];
  return (
    <AccountPage tab="/account/tokens">
      <p className="soft">
        For programs of yours: they can do what their token names, without your password. It works for a while, and
        stops at once when you revoke it or change your password. <a href="/api/docs">What there is to ask for</a>
      </p>
      <TokenList tokens={tokens} />
      {!isVerified && (
        <Notice icon="mail" tone="waiting">
          <p>
            Confirm your e-mail address first: a token is only for somebody whom we can tell that it was made.{' '}
            <Link to="/account">To your account</Link>
          </p>
        </Notice>
      )}
      {isVerified && !isProven && (
        <section className="card stack" aria-labelledby="new-token-title">
          <h2 id="new-token-title">A new token</h2>
          <ProofFirst page="/account/tokens" label="Make a token">
            A token opens your account to a program.
          </ProofFirst>
        </section>
      )}
      {isVerified && isProven && (
        <AccountForm label="A new token" button="Make the token" refusal={refusal}>
          <TextInput
            {...fieldProps('name', refusal)}
            label="Name"
            description="What it is for, so that you know it again."
            autoComplete="off"
            required
          />
          <fieldset className="scopes" id="scopes" tabIndex={-1}>
            <legend>What it may do</legend>
            {scopes.map(({ name, words }) => (
              <label key={name}>
                <input type="checkbox" name="scopes" value={name} defaultChecked={chosen.includes(name)} />
                <span>
                  {words} <code>{name}</code>
                </span>
              </label>
            ))}
          </fieldset>
          <NativeSelect
            {...fieldProps('days', refusal)}
            label="How long it works"
            defaultValue={refusal?.values['days'] ?? String(usualDays)}
            data={days.map((count) => ({ value: String(count), label: `${count} days` }))}
          />
        </AccountForm>
      )}
    </AccountPage>
  );
}
