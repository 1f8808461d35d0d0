import { expect, it } from 'vitest';
import { ownPathOr } from './next-url.ts';

it.each([
  ['/dashboard', '/dashboard'],
  ['/stores/sto_1/credentials?x=1', '/stores/sto_1/credentials?x=1'],
  ['/a/../stores', '/stores'],
  ['/login#somewhere', '/login'],
])('%s is a way within our own pages', (text, path) => {
  expect(ownPathOr(text, '/home')).toBe(path);
});

it.each([
  '//evil.example',
  '/\\evil.example',
  '/\t/evil.example',
  '\t//evil.example',
  '/./\\evil.example',
  '/.//evil.example',
  'https://evil.example/',
  'javascript:alert(1)',
  'dashboard',
  '',
  null,
  undefined,
  ['/dashboard'],
])('%j leads nowhere', (text) => {
  expect(ownPathOr(text, '/home')).toBe('/home');
});
