import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { Icon } from './icon.tsx';
import './data-table.css';

export interface DataColumn<Row> {
  readonly title: string;
  readonly cell: (row: Row) => ReactNode;
  /** The orders that a click on the title asks for: the first one first. */
  readonly sorts?: readonly [first: string, second: string];
  readonly isNumber?: boolean;
}

interface DataTableProps<Row> {
  /** Says what is listed; read aloud before the table. */
  readonly caption: string;
  readonly columns: readonly DataColumn<Row>[];
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string;
  /** The order there is; `null` where none can be chosen. */
  readonly sort?: string | undefined;
  /** The address of the same list in another order. */
  readonly sortUrl?: (sort: string) => string;
}

/** Rows of a list, as a table; on a narrow screen each row is a card of its own. */
export function DataTable<Row>({ caption, columns, rows, keyOf, sort, sortUrl }: DataTableProps<Row>) {
  return (
    <div className="data-table">
      <table>
        <caption className="unseen">{caption}</caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <Head key={column.title} column={column} sort={sort} sortUrl={sortUrl} />
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={keyOf(row)}>
              {columns.map(({ title, cell, isNumber }) => (
                <td key={title} data-title={title} data-number={isNumber || undefined}>
                  {cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Head<Row>(props: {
  readonly column: DataColumn<Row>;
  readonly sort: string | undefined;
  readonly sortUrl: ((sort: string) => string) | undefined;
}) {
  const { column, sort, sortUrl } = props;
  const number = column.isNumber || undefined;
  if (column.sorts === undefined || sortUrl === undefined) {
    return (
      <th scope="col" data-number={number}>
        {column.title}
      </th>
    );
  }
  const [first, second] = column.sorts;
  const isSorted = sort === first || sort === second;
  const next = sort === first ? second : first;
  const isDown = DOWNWARD.has(sort ?? '');
  return (
    <th scope="col" data-number={number} aria-sort={!isSorted ? undefined : isDown ? 'descending' : 'ascending'}>
      <Link to={sortUrl(next)} preventScrollReset={true}>
        {column.title}
        {isSorted && <Icon name={isDown ? 'down' : 'up'} />}
      </Link>
    </th>
  );
}

/** Orders whose largest value comes first. */
const DOWNWARD: ReadonlySet<string> = new Set(['newest', 'name-down', 'email-down']);
