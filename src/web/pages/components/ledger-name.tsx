import { Link } from 'react-router';

const PAGES = [
  ['cus_', '/admin/customers/'],
  ['sto_', '/admin/stores/'],
  ['run_', '/admin/runs/'],
] as const;

/** Who acted, or what was acted on; a way there where it has a page at the desk. */
export function LedgerName({ name }: { readonly name: string }) {
  const page = PAGES.find(([prefix]) => name.startsWith(prefix));
  return page === undefined ? <>{name}</> : <Link to={`${page[1]}${name}`}>{name}</Link>;
}
