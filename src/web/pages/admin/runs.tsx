import { type LoaderFunctionArgs, useLoaderData } from 'react-router';
import { RUN_KINDS } from '../../../domain/run.ts';
import { DeskFrame } from '../components/desk-frame.tsx';
import { RunTable } from '../components/desk-tables.tsx';
import { ListFilter } from '../components/list-filter.tsx';
import { NothingFound } from '../components/nothing-found.tsx';
import { Pager } from '../components/pager.tsx';
import { useListUrls } from '../components/use-list-urls.ts';
import { listWishOf } from '../request/list-wish.ts';
import { pageOf } from '../request/page-of.ts';
import { orProblem } from '../request/problem.ts';
import { deskPageTitle } from '../words/desk-tabs.ts';
import { countInWords, nameInWords, RUN_WORDING } from '../words/runs.ts';

export const meta = () => [{ title: deskPageTitle('Runs') }];

export async function loader({ url, context }: LoaderFunctionArgs) {
  const page = pageOf(context);
  return orProblem(page, page.services.desk.runs(listWishOf(url)));
}

export default function Runs() {
  const { rows, total, page, pages } = useLoaderData<typeof loader>();
  const { sort = 'newest', sortUrl, pageUrl } = useListUrls();
  return (
    <DeskFrame tab="runs" title="Runs">
      <ListFilter
        search={{ label: 'Search', placeholder: 'Run, store or its name' }}
        choices={[
          {
            name: 'status',
            label: 'State',
            options: Object.entries(RUN_WORDING).map(([value, { word }]) => ({ value, label: word })),
          },
          {
            name: 'kind',
            label: 'Kind',
            options: RUN_KINDS.map((kind) => ({ value: kind, label: nameInWords(kind) })),
          },
        ]}
        found={countInWords(total, 'run')}
      />
      {rows.length === 0 ? (
        <NothingFound yet="No run yet. The first store brings the first one." />
      ) : (
        <RunTable rows={rows} sort={sort} sortUrl={sortUrl} />
      )}
      <Pager page={page} pages={pages} pageUrl={pageUrl} />
    </DeskFrame>
  );
}
