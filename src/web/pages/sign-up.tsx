import {
  type ActionFunctionArgs,
  type LoaderFunctionArgs,
  redirectDocument,
  useActionData,
  useLoaderData,
} from 'react-router';
import { SHOP_START_NAMES } from '../../domain/shop-settings.ts';
import { SignUpClosed } from './components/sign-up-closed.tsx';
import { SIGNED_IN_AS, SignUpForm } from './components/sign-up-form.tsx';
import { formOf, refuse, textOf } from './request/form.ts';
import { pageOf } from './request/page-of.ts';
import { orProblem, problemOf } from './request/problem.ts';
import { signedInHeaders } from './request/signed-in.ts';
import { startChoices } from './words/shop-settings.ts';

/** The services' names of what was wrong, and the form's field that each belongs to. */
const FIELD_NAMES = {
  email: 'email',
  password: 'password',
  name: 'store_name',
  title: 'title',
  country: 'country',
  currency: 'currency',
  timezone: 'timezone',
  locale: 'locale',
  storeName: 'store_name',
  store_name: 'store_name',
  platform: 'platform',
  domain: 'domain',
  plan: 'plan',
  terms: 'terms',
};
const KEPT = ['email', 'store_name', 'platform', 'domain', 'plan', 'terms', ...SHOP_START_NAMES];

export const meta = () => [{ title: 'Create your store · ShopHosting' }];

export async function loader({ context }: LoaderFunctionArgs) {
  const page = pageOf(context);
  const { closed, platforms, plans } = await orProblem(page, page.services.offer());
  const { hostSuffix, termsUrl, shopDefaults, startLocales } = page.services.facts;
  const email = page.session?.email ?? null;
  // In words here: a browser may call countries and languages by other names.
  const here = platforms.filter(({ unavailable }) => unavailable === null);
  const locales = here.map(({ name }) => startLocales[name]).filter(({ length }) => length > 1);
  const start = startChoices(shopDefaults, [...new Set(locales.flat())]);
  const idempotencyKey = page.newIdempotencyKey();
  return { closed, platforms, plans, hostSuffix, termsUrl, email, start, idempotencyKey };
}

/**
 * One wish, one store, however often it is posted. The form of a customer who is signed in says as whom: the store
 * becomes theirs, once the password has shown that it is them.
 */
export async function action({ request, context }: ActionFunctionArgs) {
  const page = pageOf(context);
  const { accounts } = page.services;
  const form = await formOf(request);
  const isCustomer = form.has(SIGNED_IN_AS);
  const email = textOf(form, isCustomer ? SIGNED_IN_AS : 'email');
  const key = textOf(form, 'idempotency_key').trim() || page.newIdempotencyKey();
  const optional = (name: string) => textOf(form, name).trim() || undefined;
  try {
    const { storeId, ...kept } = await accounts.signUp(
      {
        email,
        password: textOf(form, 'password'),
        storeName: textOf(form, 'store_name'),
        platform: textOf(form, 'platform'),
        domain: optional('domain'),
        plan: optional('plan'),
        start: Object.fromEntries(SHOP_START_NAMES.map((name) => [name, textOf(form, name)])),
        agreesToTerms: form.has('terms'),
        idempotencyKey: key,
        isCustomer,
        token: page.token,
      },
      page.visitor,
    );
    return redirectDocument(`/stores/${storeId}`, { status: 303, headers: signedInHeaders(page, kept) });
  } catch (thrown) {
    const problem = problemOf(thrown, page);
    const kept = KEPT.filter((name) => form.has(name)).map((name) => [name, textOf(form, name)]);
    // What the fields can put right is another wish. Anything else may have made the store all the same: same key.
    const idempotencyKey = Object.keys(problem.fields).length > 0 ? page.newIdempotencyKey() : key;
    const values = { ...Object.fromEntries(kept), email, idempotency_key: idempotencyKey };
    return refuse(problem, { values, fieldNames: FIELD_NAMES });
  }
}

export default function SignUp() {
  const offer = useLoaderData<typeof loader>();
  const refusal = useActionData<typeof action>();
  return offer.closed === null ? (
    <SignUpForm offer={offer} refusal={refusal} />
  ) : (
    <SignUpClosed sentence={offer.closed} isCustomer={offer.email !== null} />
  );
}
