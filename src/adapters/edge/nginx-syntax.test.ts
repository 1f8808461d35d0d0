import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isHostname } from '../../domain/domain-name.ts';
import { AppError } from '../../domain/errors.ts';
import {
  absolutePath,
  type Directive,
  digest,
  emit,
  endpoint,
  hostname,
  joined,
  type Leaf,
  literal,
  port,
  storeId,
  systemUser,
  unixSocket,
} from './nginx-syntax.ts';
import { parseNginx } from './parse-nginx.fixture.ts';

/** Text with everything that means something to nginx, and everything else. */
const anything = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.constantFrom(...'ab.-/$"\'\\;{}#~*:= \n\r\t\0(@%^|'), maxLength: 20 }),
  fc.domain(),
  fc.constantFrom(
    'a;} server { listen 1; }',
    '$ssl_server_name',
    '"quoted"',
    "a'b",
    'default',
    'include',
    'xn--bcher-kva.example',
    'shop.example.',
    'a'.repeat(254),
    '{{domain}}',
    '../../etc/passwd',
  ),
);

const LEAVES: Readonly<Record<string, (text: string) => Leaf>> = {
  hostname,
  absolutePath,
  storeId,
  systemUser,
  digest,
  unixSocket: (text) => unixSocket(`/${text}`),
  endpoint: (text) => endpoint(text, 80),
};

function leafOrRefusal(make: () => Leaf): Leaf | undefined {
  try {
    return make();
  } catch (error) {
    if (error instanceof AppError && error.code === 'route_refused') return undefined;
    throw error;
  }
}

describe('what is written into a file of nginx', () => {
  it.each(Object.keys(LEAVES))('%s: any text is refused, or comes out as exactly one argument', (kind) => {
    fc.assert(
      fc.property(anything, (text) => {
        const leaf = leafOrRefusal(() => LEAVES[kind]?.(text) ?? literal(''));
        if (leaf === undefined) return;
        const tree: Directive[] = [
          { name: 'before', args: [leaf, leaf] },
          { name: 'server', args: [], block: [{ name: 'inner', args: [joined(leaf)] }] },
        ];

        const expected = [leaf.text.replaceAll('"', '')];
        expect(parseNginx(emit(tree))).toEqual([
          { words: ['before', ...expected, ...expected] },
          { words: ['server'], block: [{ words: ['inner', ...expected] }] },
        ]);
      }),
      { numRuns: 1000 },
    );
  });

  it('a host name is let through exactly when it is one, and is not a word of maps', () => {
    fc.assert(
      fc.property(anything, (text) => {
        const isLet = leafOrRefusal(() => hostname(text)) !== undefined;
        expect(isLet).toBe(isHostname(text) && !['default', 'hostnames', 'include', 'volatile'].includes(text));
      }),
      { numRuns: 2000 },
    );
  });

  it('as a key of a map a host name stays one key', () => {
    fc.assert(
      fc.property(fc.domain().filter(isHostname), fc.integer({ min: 1, max: 65_535 }), (host, number) => {
        expect(parseNginx(emit([{ name: hostname(host), args: [port(number)] }]))).toEqual([
          { words: [host, String(number)] },
        ]);
      }),
    );
  });

  it('a literal of ours comes out as it stands here', () => {
    const pattern = literal('~*^([^ ]+) \\1\\.?(?::[0-9]{1,5})?$');

    expect(parseNginx(emit([{ name: pattern, args: [literal('say "hi"; {}'), literal('')] }]))).toEqual([
      { words: ['~*^([^ ]+) \\1\\.?(?::[0-9]{1,5})?$', 'say "hi"; {}', ''] },
    ]);
  });

  it('a look-alike of a leaf is refused, and so is a name that is no word', () => {
    const forged = { text: 'a; }' } satisfies Leaf;

    expect(() => emit([{ name: 'listen', args: [forged] }])).toThrow(/leaf function/);
    expect(() => emit([{ name: 'a; server {}', args: [] }])).toThrow(/not a word/);
  });

  it.each([0, 65_536, 1.5, Number.NaN, -1, Number.POSITIVE_INFINITY])('%s is no port', (value) => {
    expect(() => port(value)).toThrow(/port/);
  });

  it('text that is known only at run time cannot be a literal', () => {
    const fromOutside: string = ['a', 'b'].join(';');

    // @ts-expect-error -- a string is not a literal, and this line not compiling is the test
    expect(literal(fromOutside).text).toBe('"a;b"');
  });
});
