import { Button, TextInput } from '@mantine/core';
import { useEffect, useState } from 'react';
import {
  type ActionFunctionArgs,
  Form,
  Link,
  type LoaderFunctionArgs,
  redirect,
  useActionData,
  useLoaderData,
  useNavigation,
  useRevalidator,
} from 'react-router';
import { isProofFresh } from '../../../domain/proof.ts';
import { SECOND } from '../../../lib/time.ts';
import { AddressChange } from '../components/address-change.tsx';
import { DomainCard } from '../components/domain-card.tsx';
import { ErrorSummary } from '../components/error-summary.tsx';
import { fieldProps } from '../components/field.ts';
import { Notice } from '../components/notice.tsx';
import { ProofFirst } from '../components/proof-first.tsx';
import { StoreFrame } from '../components/store-frame.tsx';
import { customerOf } from '../request/customer-of.ts';
import { flash } from '../request/flash.ts';
import { formOf, refuse, textOf } from '../request/form.ts';
import { orProblem, problemOf } from '../request/problem.ts';
import { requireFresh } from '../request/require-fresh.ts';
import { storeFrameOf } from '../request/store-frame-of.ts';
import { storePageTitle, tabUrl } from '../words/store-tabs.ts';
import './domains.css';

/** What is under way changes within seconds. */
const LOOK_AGAIN_MS = 5 * SECOND;
/** Whose message is written for customers too. */
const TOLD_AS_IT_IS = ['name_taken', 'not_allowed_now'];

export const meta = ({ loaderData }: { readonly loaderData?: Awaited<ReturnType<typeof loader>> | undefined }) => [
  { title: storePageTitle('Domains', loaderData?.store) },
];

export async function loader({ params, context }: LoaderFunctionArgs) {
  const page = customerOf(context);
  const frame = await storeFrameOf(page, params['storeId'], 'domains');
  const { customerId, isVerified, provenAt } = page.session;
  const domains = await orProblem(page, page.services.domains.list(customerId, frame.store.id));
  return { ...frame, ...domains, isVerified, isProven: isProofFresh(provenAt, new Date()) };
}

export async function action({ params, request, url, context }: ActionFunctionArgs) {
  const page = customerOf(context);
  const { customerId, isVerified } = page.session;
  const storeId = params['storeId'] ?? '';
  const form = await formOf(request);
  const hostname = textOf(form, 'domain');
  const wish = { customerId, storeId, hostname, origin: page.origin };
  const intent = textOf(form, 'intent');
  const { domains } = page.services;
  // Where visitors are led is of consequence; a look and a redirect between proven names are not.
  if (intent === 'add' || intent === 'primary') requireFresh(page, url);
  try {
    if (intent === 'add') await domains.add({ ...wish, isVerified });
    else if (intent === 'check') await domains.check(wish);
    else if (intent === 'primary') await domains.makePrimary(wish);
    else await domains.setRedirecting({ ...wish, isRedirecting: intent === 'redirect' });
    return redirect(tabUrl(storeId, 'domains'), { status: 303, headers: flash(page, saidOf(intent, hostname)) });
  } catch (thrown) {
    const problem = problemOf(thrown, page);
    const isTold = TOLD_AS_IT_IS.includes(problem.code) && thrown instanceof Error;
    const fields = isTold ? { domain: thrown.message } : problem.fields;
    return refuse({ ...problem, fields }, { values: { domain: hostname }, fieldNames: { domain: 'domain' } });
  }
}

function saidOf(intent: string, hostname: string): string {
  if (intent === 'add') return `${hostname} is noted. Set its records next; we look by ourselves.`;
  if (intent === 'check') return `We look at ${hostname} now.`;
  if (intent === 'primary') return `Your store moves to ${hostname}. Visitors see a friendly note until it is there.`;
  return `${hostname} is set.`;
}

export default function DomainsPage() {
  const shown = useLoaderData<typeof loader>();
  const refusal = useActionData<typeof action>();
  const isBusy = useNavigation().state !== 'idle';
  const { store, siblings, domains, primary, change } = shown;
  const isMoving = change?.status === 'queued' || change?.status === 'running';
  useFreshLooks(isMoving || domains.some(({ state, isLeaving }) => state !== 'valid' || isLeaving));
  return (
    <StoreFrame store={store} siblings={siblings} tab="domains">
      <div className="stack domains">
        <section className="card stack" aria-labelledby="address-title">
          <h2 id="address-title">Where your store is</h2>
          <p>
            <a href={store.url}>{primary}</a>
            {primary !== shown.platformName && (
              <>
                {' '}
                <span className="soft">
                  and, as always, <a href={shown.platformUrl}>{shown.platformName}</a>
                </span>
              </>
            )}
          </p>
          <p className="soft">
            {primary === shown.platformName
              ? 'This address is free and stays yours. A domain of your own comes on top of it, and your store is open all the while.'
              : 'Visitors of the free address are sent on to your own domain.'}
          </p>
          {primary !== shown.platformName && !isMoving && (
            <Form method="post">
              <input type="hidden" name="domain" value={shown.platformName} />
              <Button type="submit" name="intent" value="primary" variant="default" disabled={isBusy}>
                Make the free one primary again
              </Button>
            </Form>
          )}
        </section>
        {change !== null && change.status !== 'done' && <AddressChange change={change} primary={primary} />}
        {domains.map((domain) => (
          <DomainCard key={domain.id} domain={domain} isBusy={isBusy} isMoving={isMoving} />
        ))}
        <AddDomain shown={shown} refusal={refusal} isBusy={isBusy} />
      </div>
    </StoreFrame>
  );
}

/** A look happens within seconds of a wish: what it found comes without being asked for. */
function useFreshLooks(isNeeded: boolean): void {
  const { revalidate, state } = useRevalidator();
  useEffect(() => {
    if (!isNeeded || state !== 'idle') return;
    const timer = setTimeout(() => void revalidate(), LOOK_AGAIN_MS);
    return () => clearTimeout(timer);
  }, [isNeeded, revalidate, state]);
}

function AddDomain(props: {
  readonly shown: Awaited<ReturnType<typeof loader>>;
  readonly refusal: Parameters<typeof ErrorSummary>[0]['refusal'];
  readonly isBusy: boolean;
}) {
  const { store, isVerified, domains, wished, most } = props.shown;
  // As it was when the page was opened: a look that comes by itself takes no form away from under somebody's hands.
  const [isProven] = useState(props.shown.isProven);
  const mayAdd = isVerified && domains.length < most;
  const isFirst = domains.length === 0;
  return (
    <section className="card stack" aria-labelledby="add-title">
      <h2 id="add-title">{isFirst ? 'Connect a domain of your own' : 'Connect a further domain'}</h2>
      {isFirst && (
        <p className="soft">
          You keep it at your registrar. We show you which records to set there, see when they are right, and bring the
          certificate.
        </p>
      )}
      {!isVerified && (
        <Notice icon="mail" tone="waiting">
          <p>
            Confirm your e-mail address first: a domain is only connected for somebody we can reach.{' '}
            <Link to="/account">To your account</Link>
          </p>
        </Notice>
      )}
      {isVerified && domains.length >= most && <p>A store can have {most} domains of its own.</p>}
      {mayAdd && !isProven && (
        <ProofFirst page={tabUrl(store.id, 'domains')} label="Connect a domain">
          A domain leads its visitors to your store.
        </ProofFirst>
      )}
      {mayAdd && isProven && (
        <Form method="post" className="stack" aria-label="Connect a domain">
          <ErrorSummary refusal={props.refusal} />
          <TextInput
            label="Domain"
            description="For example example.com, or shop.example.com"
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            inputMode="url"
            required={true}
            maxLength={1000}
            defaultValue={wished ?? ''}
            {...fieldProps('domain', props.refusal)}
          />
          <div>
            <Button type="submit" name="intent" value="add" loading={props.isBusy}>
              Connect this domain
            </Button>
          </div>
        </Form>
      )}
    </section>
  );
}
