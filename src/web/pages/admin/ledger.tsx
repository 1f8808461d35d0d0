import { Link, type LoaderFunctionArgs, useLoaderData, useLocation, useSearchParams } from 'react-router';
import { LEDGER_RESULTS } from '../../../domain/ledger.ts';
import type { DeskLedgerLine } from '../../services/desk.ts';
import { type DataColumn, DataTable } from '../components/data-table.tsx';
import { DeskFrame } from '../components/desk-frame.tsx';
import { LedgerName } from '../components/ledger-name.tsx';
import { ListFilter } from '../components/list-filter.tsx';
import { NothingFound } from '../components/nothing-found.tsx';
import { TimeAgo } from '../components/time-ago.tsx';
import { listWishOf } from '../request/list-wish.ts';
import { pageOf } from '../request/page-of.ts';
import { orProblem } from '../request/problem.ts';
import { deskPageTitle } from '../words/desk-tabs.ts';
import { nameInWords } from '../words/runs.ts';

export const meta = () => [{ title: deskPageTitle('Ledger') }];

export async function loader({ url, context }: LoaderFunctionArgs) {
  const page = pageOf(context);
  return orProblem(page, page.services.desk.ledger(listWishOf(url)));
}

const COLUMNS: readonly DataColumn<DeskLedgerLine>[] = [
  { title: 'When', cell: ({ at }) => <TimeAgo at={at} /> },
  {
    title: 'Who',
    cell: ({ actor, as, tokenId, tokenName }) => (
      <>
        <LedgerName name={actor} />
        {as !== null && (
          <span className="desk-message small soft">
            as <LedgerName name={as} />
          </span>
        )}
        {tokenId !== null && (
          <span className="desk-message small soft">
            by the token <LedgerName name={tokenId} />
            {tokenName !== null && ` “${tokenName}”`}
          </span>
        )}
      </>
    ),
  },
  { title: 'What', cell: ({ action }) => <code>{action}</code> },
  { title: 'On', cell: ({ target }) => <LedgerName name={target} /> },
  { title: 'Result', cell: ({ result }) => nameInWords(result) },
  {
    title: 'Facts',
    cell: ({ address, requestId, details }) => (
      <details>
        <summary className="small">{address ?? 'Details'}</summary>
        <pre className="ledger-facts">{JSON.stringify({ ...details, requestId }, null, 1)}</pre>
      </details>
    ),
  },
];

export default function Ledger() {
  const { lines, before } = useLoaderData<typeof loader>();
  const [params] = useSearchParams();
  const { search } = useLocation();
  const older = new URLSearchParams(params);
  older.set('before', String(before));
  return (
    <DeskFrame
      tab="ledger"
      title="Ledger"
      about={
        <>
          Who did what. Nobody can change or remove a line; <code>shopctl audit verify</code> proves it.
        </>
      }
    >
      <ListFilter
        search={{ label: 'About', placeholder: 'Store, account, token, request, or what was acted on' }}
        texts={[
          { name: 'actor', label: 'Who', placeholder: 'cus_…, operator:name, system' },
          { name: 'action', label: 'What', placeholder: 'store, store.deleted' },
          { name: 'since', label: 'From', type: 'date' },
          { name: 'until', label: 'To', type: 'date' },
        ]}
        choices={[
          {
            name: 'result',
            label: 'Result',
            options: LEDGER_RESULTS.map((result) => ({ value: result, label: nameInWords(result) })),
          },
        ]}
        found={lines.length === 0 ? '' : 'Newest first.'}
      />
      <p className="ledger-export small">
        <a href={`/admin/ledger/export${search}`} download="ledger.csv">
          Download as CSV
        </a>{' '}
        <span className="soft">all lines that fit</span>
      </p>
      {lines.length === 0 ? (
        <NothingFound yet="Nothing has been written down yet." />
      ) : (
        <DataTable caption="Lines of the ledger" columns={COLUMNS} rows={lines} keyOf={({ id }) => String(id)} />
      )}
      {before !== null && (
        <p className="ledger-older">
          <Link to={`?${older}`}>Older lines</Link>
        </p>
      )}
    </DeskFrame>
  );
}
