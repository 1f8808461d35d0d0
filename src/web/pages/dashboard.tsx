import { Button } from '@mantine/core';
import { Link, type LoaderFunctionArgs, redirect, useLoaderData } from 'react-router';
import { StoreCard } from './components/store-card.tsx';
import { customerOf } from './request/customer-of.ts';
import { orProblem } from './request/problem.ts';
import { tabUrl } from './words/store-tabs.ts';
import './dashboard.css';

export const meta = () => [{ title: 'Your stores · ShopHosting' }];

/** Whoever has one store alone is led straight to it; with `?all` everybody sees the list. */
export async function loader({ context, url }: LoaderFunctionArgs) {
  const page = customerOf(context);
  const { customerId, email } = page.session;
  const { stores } = page.services;
  if (!url.searchParams.has('all')) {
    const [first, ...others] = await orProblem(page, stores.siblings(customerId));
    if (first !== undefined && others.length === 0) throw redirect(tabUrl(first.id, 'overview'), 303);
  }
  return { stores: await orProblem(page, stores.list(customerId)), email };
}

export default function Dashboard() {
  const { stores, email } = useLoaderData<typeof loader>();
  return (
    <>
      <div className="dashboard-head">
        <div className="heading">
          <h1>Your stores</h1>
          <p className="soft">Signed in as {email}</p>
        </div>
        {stores.length > 0 && (
          <Button component={Link} to="/signup" variant="default">
            Add a store
          </Button>
        )}
      </div>
      {stores.length === 0 && <Empty />}
      <ul className="store-cards" role="list">
        {stores.map((store) => (
          <li key={store.id}>
            <StoreCard store={store} />
          </li>
        ))}
      </ul>
    </>
  );
}

function Empty() {
  return (
    <section className="card stack">
      <h2>No store yet</h2>
      <p className="soft">Here you will see each of your stores: its address, how it is, and the way in.</p>
      <div>
        <Button component={Link} to="/signup">
          Create your store
        </Button>
      </div>
    </section>
  );
}
