import { Button, TextInput } from '@mantine/core';
import { Form, Link, type LoaderFunctionArgs, useLoaderData } from 'react-router';
import { FoundIcon } from './components/found-icon.tsx';
import { customerOf } from './request/customer-of.ts';
import { orProblem } from './request/problem.ts';
import { pagesNamed } from './words/places.ts';
import './find.css';

const LONGEST = 254;

export const meta = () => [{ title: 'Find · ShopHosting' }];

/** Also what the palette asks, on every page. */
export async function loader({ url, context }: LoaderFunctionArgs) {
  const page = customerOf(context);
  const text = (url.searchParams.get('q') ?? '').slice(0, LONGEST);
  const isOperator = page.session.role === 'operator';
  const who = { customerId: page.session.customerId, isOperator };
  const found = await orProblem(page, page.services.find(who, text));
  return { text, found: [...found, ...pagesNamed(text, { isOperator })] };
}

/** Stores, pages and, for operators, customers: by what their name begins with. */
export default function Find() {
  const { text, found } = useLoaderData<typeof loader>();
  return (
    <section className="narrow stack">
      <div className="heading">
        <h1>Find</h1>
      </div>
      <Form method="get" role="search" className="find-form" key={text}>
        <TextInput
          name="q"
          type="search"
          label="Store or page"
          defaultValue={text}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
        />
        <Button type="submit">Find</Button>
      </Form>
      {found.length === 0 ? (
        <p className="soft" role="status">
          Nothing is called that. Names are found by how they begin.
        </p>
      ) : (
        <ul className="find-list" role="list">
          {found.map(({ kind, label, more, to }) => (
            <li key={`${kind}${to}`}>
              <Link to={to}>
                <FoundIcon kind={kind} />
                <span>{label}</span>
                <span className="small soft">{more}</span>
              </Link>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
