import { Button, NativeSelect, TextInput } from '@mantine/core';
import { Form, Link, useLocation, useSearchParams } from 'react-router';
import './list-filter.css';

interface FilterChoice {
  readonly name: string;
  readonly label: string;
  readonly options: readonly { readonly value: string; readonly label: string }[];
}

interface FilterText {
  readonly name: string;
  readonly label: string;
  readonly placeholder?: string;
  readonly type?: 'text' | 'date';
}

/** Search and filters of a list: an ordinary form that asks for the same address with other words in it. */
export function ListFilter(props: {
  readonly search?: { readonly label: string; readonly placeholder: string };
  readonly choices: readonly FilterChoice[];
  readonly texts?: readonly FilterText[];
  /** What is found, in words. */
  readonly found: string;
}) {
  const [params] = useSearchParams();
  const { pathname } = useLocation();
  const texts = props.texts ?? [];
  const named = [...texts, ...props.choices].map(({ name }) => name);
  const names = [...(props.search === undefined ? [] : ['q']), ...named];
  const isFiltered = names.some((name) => (params.get(name) ?? '') !== '');
  const sort = params.get('sort');
  return (
    // Anew for each address, so that the fields show what the list was asked.
    <Form key={params.toString()} method="get" className="list-filter" role="search" aria-label="Search and filter">
      {props.search !== undefined && (
        <TextInput
          name="q"
          type="search"
          label={props.search.label}
          placeholder={props.search.placeholder}
          defaultValue={params.get('q') ?? ''}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          className="list-filter-search"
        />
      )}
      {texts.map(({ name, label, placeholder = '', type = 'text' }) => (
        <TextInput
          key={name}
          name={name}
          type={type}
          label={label}
          placeholder={placeholder}
          defaultValue={params.get(name) ?? ''}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
        />
      ))}
      {props.choices.map(({ name, label, options }) => (
        <NativeSelect
          key={name}
          name={name}
          label={label}
          defaultValue={params.get(name) ?? ''}
          data={[{ value: '', label: 'All' }, ...options]}
        />
      ))}
      {sort !== null && <input type="hidden" name="sort" value={sort} />}
      <div className="list-filter-end">
        <Button type="submit" variant="default">
          Show
        </Button>
        {isFiltered && (
          <Link to={pathname} className="small">
            Clear filters
          </Link>
        )}
      </div>
      <p className="list-filter-found small soft" role="status">
        {props.found}
      </p>
    </Form>
  );
}
