import { expect, test } from 'vitest';
import { compiledKeyOf, compiledNameOf, NOTHING_COMPILED, readCompiledName } from './compiled-code.ts';

const parts = { image: 'sha256:a', mounts: [{ source: '/data/applications/shop-1-abc', target: '/shop' }] };
const ids = { pages: 'a'.repeat(32), programs: 'b'.repeat(32) };

test('another image, application or place of it has another key; where the platform keeps it is all one', () => {
  const key = compiledKeyOf(parts);
  const [mount] = parts.mounts;

  expect(key).toMatch(/^[0-9a-f]{16}$/);
  expect(compiledKeyOf({ ...parts, mounts: [{ source: '/elsewhere/shop-1-abc', target: '/shop' }] })).toBe(key);
  const others = [
    { ...parts, image: 'sha256:b' },
    { ...parts, mounts: [] },
    { ...parts, mounts: [{ source: '/data/applications/shop-2-abc', target: '/shop' }] },
    { ...parts, mounts: [{ source: mount?.source ?? '', target: '/other' }] },
  ].map(compiledKeyOf);
  expect(new Set([key, ...others]).size).toBe(5);
});

test('a name tells its ids, and only one that we make is read', () => {
  const name = compiledNameOf(compiledKeyOf(parts), ids);

  expect(readCompiledName(name)).toEqual({ name, ...ids });
  for (const other of [
    '',
    'none',
    NOTHING_COMPILED.name,
    `../${name}`,
    `${name}/..`,
    `${name}\n`,
    name.toUpperCase(),
  ]) {
    expect(readCompiledName(other)).toBeUndefined();
  }
  // Two folders cannot be mounted at one place.
  expect(readCompiledName(compiledNameOf(compiledKeyOf(parts), { ...ids, programs: ids.pages }))).toBeUndefined();
});
