import { Button } from '@mantine/core';
import { Link } from 'react-router';
import './pager.css';

/** Where in a long list the reader is, and the pages beside it. Nothing where all of it is one page. */
export function Pager(props: {
  readonly page: number;
  readonly pages: number;
  readonly pageUrl: (page: number) => string;
}) {
  const { page, pages, pageUrl } = props;
  if (pages <= 1) return null;
  return (
    <nav aria-label="Pages of the list" className="pager">
      <Step to={page > 1 ? pageUrl(page - 1) : null} label="Previous" />
      <span className="small soft">
        Page {page} of {pages}
      </span>
      <Step to={page < pages ? pageUrl(page + 1) : null} label="Next" />
    </nav>
  );
}

function Step({ to, label }: { readonly to: string | null; readonly label: string }) {
  if (to === null) return <span />;
  return (
    <Button component={Link} to={to} variant="default" size="sm">
      {label}
    </Button>
  );
}
