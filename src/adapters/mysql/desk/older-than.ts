import { type RawBuilder, sql } from 'kysely';
import type { Slice } from '../../../domain/desk-lists.ts';

/** What comes behind a row where the newest come first: stable, whatever is added meanwhile. An index can answer it. */
export function olderThan(table: string, { createdAt, id }: NonNullable<Slice['before']>): RawBuilder<boolean> {
  const [created, key] = [sql.ref(`${table}.created_at`), sql.ref(`${table}.id`)];
  return sql<boolean>`(${created} < ${createdAt} OR (${created} = ${createdAt} AND ${key} < ${id}))`;
}
