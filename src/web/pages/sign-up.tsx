import { Button, PasswordInput, TextInput } from '@mantine/core';
import {
  type ActionFunctionArgs,
  Form,
  Link,
  type LoaderFunctionArgs,
  redirectDocument,
  useActionData,
  useLoaderData,
  useNavigation,
} from 'react-router';
import { ErrorSummary } from './components/error-summary.tsx';
import { fieldProps, SHOW_PASSWORD } from './components/field.ts';
import { Notice } from './components/notice.tsx';
import { PlanChoice } from './components/plan-choice.tsx';
import { PlatformCards } from './components/platform-cards.tsx';
import { StoreNameField } from './components/store-name-field.tsx';
import { formOf, refuse, textOf } from './request/form.ts';
import { pageOf } from './request/page-of.ts';
import { orProblem, problemOf } from './request/problem.ts';
import { guessInWords } from './words/durations.ts';

/** The services' names of what was wrong, and the form's field that each belongs to. */
const FIELD_NAMES = {
  email: 'email',
  password: 'password',
  name: 'store_name',
  title: 'store_name',
  storeName: 'store_name',
  store_name: 'store_name',
  platform: 'platform',
  domain: 'domain',
  plan: 'plan',
};
const KEPT = ['email', 'store_name', 'platform', 'domain', 'plan', 'idempotency_key'];

export const meta = () => [{ title: 'Create your store · ShopHosting' }];

export async function loader({ context }: LoaderFunctionArgs) {
  const page = pageOf(context);
  const { closed, platforms, plans } = await orProblem(page, page.services.offer());
  const { hostSuffix } = page.services.facts;
  return {
    closed,
    platforms,
    plans,
    hostSuffix,
    email: page.session?.email ?? null,
    idempotencyKey: page.newIdempotencyKey(),
  };
}

export async function action({ request, context }: ActionFunctionArgs) {
  const page = pageOf(context);
  const form = await formOf(request);
  const values = Object.fromEntries(KEPT.map((name) => [name, textOf(form, name)]));
  const optional = (name: string) => textOf(form, name).trim() || undefined;
  try {
    const { storeId, ...kept } = await page.services.accounts.signUp(
      {
        email: textOf(form, 'email'),
        password: textOf(form, 'password'),
        storeName: textOf(form, 'store_name'),
        platform: textOf(form, 'platform'),
        domain: optional('domain'),
        plan: optional('plan'),
        idempotencyKey: optional('idempotency_key') ?? page.newIdempotencyKey(),
      },
      page.visitor,
    );
    const headers = page.cookies.signedIn(kept).map((cookie): [string, string] => ['Set-Cookie', cookie]);
    return redirectDocument(`/stores/${storeId}`, { status: 303, headers });
  } catch (thrown) {
    return refuse(problemOf(thrown, page), { values, fieldNames: FIELD_NAMES });
  }
}

export default function SignUp() {
  const offer = useLoaderData<typeof loader>();
  const refusal = useActionData<typeof action>();
  const busy = useNavigation().state !== 'idle';
  if (offer.closed !== null) return <Closed sentence={offer.closed} />;
  return (
    <section className="sign-up">
      <div className="heading">
        <h1>Create your store</h1>
        <p className="soft">
          {timeSentence(offer.platforms)} Already a customer? <Link to="/login">Log in</Link>.
        </p>
      </div>
      <Form method="post" className="card stack sign-up-form" aria-label="Create your store">
        <ErrorSummary refusal={refusal} />
        <input
          type="hidden"
          name="idempotency_key"
          value={refusal?.values['idempotency_key'] || offer.idempotencyKey}
          autoComplete="off"
        />
        <StoreNameField refusal={refusal} hostSuffix={offer.hostSuffix} />
        <PlatformCards platforms={offer.platforms} refusal={refusal} />
        <TextInput
          {...fieldProps('email', refusal)}
          label="E-mail"
          description="We write to you when your store is ready, and when it needs you."
          type="email"
          inputMode="email"
          autoComplete="username"
          required
        />
        <PasswordInput
          {...fieldProps('password', refusal)}
          label="Password"
          description="At least 12 characters. A few words in a row are good; pasting is welcome."
          autoComplete="new-password"
          visibilityToggleButtonProps={SHOW_PASSWORD}
          required
        />
        <PlanChoice plans={offer.plans} refusal={refusal} />
        <Button type="submit" size="lg" loading={busy}>
          Create my store
        </Button>
        <p className="small soft">
          By creating a store you agree to keep what it sells within the law, and that we may stop a store that harms
          others.
        </p>
      </Form>
    </section>
  );
}

function Closed({ sentence }: { readonly sentence: string }) {
  return (
    <section className="narrow">
      <div className="heading">
        <h1>Not taking new stores right now</h1>
      </div>
      <Notice icon="clock" tone="waiting">
        <p>{sentence}</p>
      </Notice>
      <p className="soft">
        Already a customer? Your stores are not touched by this: <Link to="/login">log in</Link>.
      </p>
    </section>
  );
}

function timeSentence(platforms: readonly { readonly usuallyMs: number | null }[]): string {
  const known = platforms.map(({ usuallyMs }) => usuallyMs).filter((ms) => ms !== null);
  return known.length === 0 ? 'Ready in minutes.' : `Usually ready in ${guessInWords(Math.min(...known))}.`;
}
