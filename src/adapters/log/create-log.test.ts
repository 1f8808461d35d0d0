import { expect, test } from 'vitest';
import { AppError } from '../../domain/errors.ts';
import { createLog } from './create-log.ts';

const lines: string[] = [];
const log = createLog({ level: 'info', service: 'web' }, { write: (line) => void lines.push(line) });

test.each(['err', 'error'])('an error under %s tells what it is and why, and nothing that hangs on it', (key) => {
  const driver = Object.assign(new Error('Parse error'), {
    code: 'ER_PARSE_ERROR',
    sql: 'SET password_hash = the-hash',
  });
  const thrown = new AppError('database_unavailable', 'Away.', { cause: driver });

  log.warn({ [key]: thrown }, 'Failed');

  const line = lines.at(-1) ?? '';
  expect(line).not.toContain('the-hash');
  expect(JSON.parse(line)).toMatchObject({
    [key]: {
      type: 'AppError',
      code: 'database_unavailable',
      message: 'Away.',
      stack: expect.stringContaining('create-log.test'),
      cause: { type: 'Error', code: 'ER_PARSE_ERROR', message: 'Parse error' },
    },
  });
});

test('an error given by itself is told likewise', () => {
  log.error(Object.assign(new Error('Broken'), { sql: 'the-hash' }));

  expect(lines.at(-1)).not.toContain('the-hash');
  expect(lines.at(-1)).toContain('Broken');
});
