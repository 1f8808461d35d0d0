import { type LoaderFunctionArgs, useLoaderData } from 'react-router';
import { DeskFrame } from '../components/desk-frame.tsx';
import { CustomerTable } from '../components/desk-tables.tsx';
import { ListFilter } from '../components/list-filter.tsx';
import { NothingFound } from '../components/nothing-found.tsx';
import { Pager } from '../components/pager.tsx';
import { useListUrls } from '../components/use-list-urls.ts';
import { listWishOf } from '../request/list-wish.ts';
import { pageOf } from '../request/page-of.ts';
import { orProblem } from '../request/problem.ts';
import { deskPageTitle } from '../words/desk-tabs.ts';
import { countInWords } from '../words/runs.ts';

export const meta = () => [{ title: deskPageTitle('Customers') }];

export async function loader({ url, context }: LoaderFunctionArgs) {
  const page = pageOf(context);
  return orProblem(page, page.services.desk.customers(listWishOf(url)));
}

const ROLES = [
  { value: 'customer', label: 'Customers' },
  { value: 'operator', label: 'Operators' },
];

export default function Customers() {
  const { rows, total, page, pages } = useLoaderData<typeof loader>();
  const { sort = 'newest', sortUrl, pageUrl } = useListUrls();
  return (
    <DeskFrame tab="customers" title="Customers">
      <ListFilter
        search={{ label: 'Search', placeholder: 'What the e-mail or id begins with' }}
        choices={[{ name: 'role', label: 'Role', options: ROLES }]}
        found={countInWords(total, 'account')}
      />
      {rows.length === 0 ? (
        <NothingFound yet="Nobody has an account yet." />
      ) : (
        <CustomerTable rows={rows} sort={sort} sortUrl={sortUrl} />
      )}
      <Pager page={page} pages={pages} pageUrl={pageUrl} />
    </DeskFrame>
  );
}
