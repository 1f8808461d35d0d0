import { describe, expect, it } from 'vitest';
import { databaseAndUsersSql } from './create-database.ts';

const statements = databaseAndUsersSql({
  database: 'shop`host_ing',
  users: {
    migrate: { user: 'm', password: `it's\n"odd" \\` },
    worker: { user: "w'", password: 'x' },
    web: { user: 'v', password: 'y' },
  },
});

describe('the statements that make database and users', () => {
  it('are one line each, as a server reads its init file', () => {
    for (const statement of statements) expect(statement).not.toMatch(/[\n\r;]/);
  });

  it('quote whatever the names and passwords hold', () => {
    expect(statements).toContain(`CREATE USER IF NOT EXISTS 'm'@'%' IDENTIFIED BY 'it\\'s\\n\\"odd\\" \\\\'`);
    expect(statements).toContain(`ALTER USER 'w\\''@'%' IDENTIFIED BY 'x'`);
    expect(statements[0]).toContain('`shop``host_ing`');
  });

  it('give the migrations this database only, not every one whose name matches', () => {
    expect(statements.at(-1)).toBe("GRANT ALL PRIVILEGES ON `shop``host\\_ing`.* TO 'm'@'%' WITH GRANT OPTION");
  });
});
