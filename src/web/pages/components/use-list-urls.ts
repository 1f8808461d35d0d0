import { useSearchParams } from 'react-router';

/** Addresses of the list that is shown, with one word of it changed. Another order begins at the first page again. */
export function useListUrls() {
  const [params] = useSearchParams();
  const changed = (name: string, value: string, dropped?: string): string => {
    const next = new URLSearchParams(params);
    next.set(name, value);
    if (dropped !== undefined) next.delete(dropped);
    return `?${next}`;
  };
  return {
    sort: params.get('sort') ?? undefined,
    sortUrl: (sort: string): string => changed('sort', sort, 'page'),
    pageUrl: (page: number): string => changed('page', String(page)),
  };
}
