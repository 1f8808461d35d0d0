import type { KyselyPlugin } from 'kysely';
import { createRepositories, type Database, type Repositories } from '../../src/adapters/mysql/index.ts';

/** A statement with its values in place of `%s`, as PyMySQL takes it. */
export interface Statement {
  readonly sql: string;
  readonly values: readonly unknown[];
}

/**
 * The statements that our own code asks the database with while `ask` runs. `names` says which values stand for what is
 * only known when somebody asks.
 */
export async function recordStatements(
  database: Database,
  names: Readonly<Record<string, string>>,
  ask: (repositories: Repositories) => Promise<unknown>,
): Promise<Statement[]> {
  const built = new WeakMap<object, Statement>();
  const recorded: Statement[] = [];
  const recorder: KyselyPlugin = {
    transformQuery({ node, queryId }) {
      const { sql, parameters } = database.kysely.getExecutor().compileQuery(node, queryId);
      const values = parameters.map((value) => (typeof value === 'string' ? (names[value] ?? value) : value));
      built.set(queryId, { sql: sql.replaceAll('%', '%%').replaceAll('?', '%s'), values });
      return node;
    },
    // Only what was asked: part of a statement is built like a whole one.
    async transformResult({ result, queryId }) {
      const statement = built.get(queryId);
      if (statement !== undefined) recorded.push(statement);
      return result;
    },
  };
  await ask(createRepositories({ ...database, kysely: database.kysely.withPlugin(recorder) }));
  return recorded;
}
