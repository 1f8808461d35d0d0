import { type LoaderFunctionArgs, useLoaderData } from 'react-router';
import { PLATFORM_NAMES } from '../../../domain/store.ts';
import { DeskFrame } from '../components/desk-frame.tsx';
import { StoreTable } from '../components/desk-tables.tsx';
import { ListFilter } from '../components/list-filter.tsx';
import { NothingFound } from '../components/nothing-found.tsx';
import { Pager } from '../components/pager.tsx';
import { useListUrls } from '../components/use-list-urls.ts';
import { listWishOf } from '../request/list-wish.ts';
import { pageOf } from '../request/page-of.ts';
import { orProblem } from '../request/problem.ts';
import { deskPageTitle } from '../words/desk-tabs.ts';
import { planTitle } from '../words/plans.ts';
import { platformTitle } from '../words/platforms.ts';
import { countInWords } from '../words/runs.ts';
import { STATUS_WORDING } from '../words/statuses.ts';

export const meta = () => [{ title: deskPageTitle('Stores') }];

export async function loader({ url, context }: LoaderFunctionArgs) {
  const page = pageOf(context);
  return orProblem(page, page.services.desk.stores(listWishOf(url)));
}

export default function Stores() {
  const { rows, total, page, pages, plans } = useLoaderData<typeof loader>();
  const { sort = 'newest', sortUrl, pageUrl } = useListUrls();
  return (
    <DeskFrame tab="stores" title="Stores">
      <ListFilter
        search={{ label: 'Search', placeholder: 'Name, domain, e-mail, id or port' }}
        choices={[
          {
            name: 'status',
            label: 'State',
            options: Object.entries(STATUS_WORDING).map(([value, { word }]) => ({ value, label: word })),
          },
          {
            name: 'platform',
            label: 'Platform',
            options: PLATFORM_NAMES.map((value) => ({ value, label: platformTitle(value) })),
          },
          { name: 'plan', label: 'Plan', options: plans.map((name) => ({ value: name, label: planTitle({ name }) })) },
        ]}
        found={countInWords(total, 'store')}
      />
      {rows.length === 0 ? (
        <NothingFound yet="No store yet. The first one comes with the first sign-up." />
      ) : (
        <StoreTable rows={rows} sort={sort} sortUrl={sortUrl} />
      )}
      <Pager page={page} pages={pages} pageUrl={pageUrl} />
    </DeskFrame>
  );
}
