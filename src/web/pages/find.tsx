import { Button, TextInput } from '@mantine/core';
import { Form, Link, type LoaderFunctionArgs, useLoaderData } from 'react-router';
import type { Found } from '../services/find.ts';
import { FoundIcon } from './components/found-icon.tsx';
import { customerOf } from './request/customer-of.ts';
import { orProblem } from './request/problem.ts';
import { type AskedAct, actsIn, pagesNamed } from './words/places.ts';
import './find.css';

const LONGEST = 254;

export const meta = () => [{ title: 'Find · ShopHosting' }];

/** Also what the palette asks, on every page. */
export async function loader({ url, context }: LoaderFunctionArgs) {
  const page = customerOf(context);
  const text = (url.searchParams.get('q') ?? '').slice(0, LONGEST);
  const isOperator = page.session.role === 'operator';
  const who = { customerId: page.session.customerId, isOperator };
  const acts = actsIn(text);
  const [found, onStores] = await orProblem(
    page,
    Promise.all([
      page.services.find(who, text),
      actsOnStores(acts, (name) => page.services.find({ ...who, isOperator: false }, name)),
    ]),
  );
  return { text, found: [...found, ...onStores, ...pagesNamed(text, { isOperator })] };
}

/** Each act with the stores that the words beside it name; one question for acts that name the same ones. */
async function actsOnStores(
  acts: readonly AskedAct[],
  storesNamed: (text: string) => Promise<readonly Found[]>,
): Promise<readonly Found[]> {
  const texts = [...new Set(acts.map(({ storeText }) => storeText))];
  const stores = new Map(await Promise.all(texts.map(async (text) => [text, await storesNamed(text)] as const)));
  return acts.flatMap((act) =>
    (stores.get(act.storeText) ?? []).filter(({ kind }) => kind === 'store').map((store) => act.on(store)),
  );
}

/** Stores, what can be done with them, pages and, for operators, customers: by what their name begins with. */
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
