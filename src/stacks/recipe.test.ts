import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { expect, test } from 'vitest';
import { packageRoot } from '../lib/package-root.ts';
import { STACKS } from './index.ts';
import { RECIPE_FORMAT, recipeOf } from './recipe.ts';
import type { Stack } from './stack.ts';

const COMPOSE_FILE = Buffer.from('services: {}');
const { wordpress, woocommerce } = STACKS;
const ahead = wordpress.ahead as NonNullable<Stack['ahead']>;

/** What decides on a snapshot's content and is no data of a stack, no compose file, and in no image. */
const MAKERS = [
  'adapters/filesystem/gather-snapshot.ts',
  'adapters/filesystem/store-directories.ts',
  'app/make-for-nobody.ts',
  'provisioning/make-ahead.ts',
  'provisioning/steps/install-for-nobody.ts',
];
const RECORDED = { format: 1, makers: '23c7da9434a49187' };

test('a shop that is made ahead otherwise has another recipe: by its stack, or by its compose file', () => {
  const other: readonly Stack[] = [
    woocommerce,
    { ...wordpress, dataFolders: [...wordpress.dataFolders, 'more'] },
    { ...wordpress, installer: { ...wordpress.installer, command: ['/usr/local/bin/install-otherwise'] } },
    { ...wordpress, ahead: { ...ahead, input: { ...ahead.input, more: true } } },
    { ...wordpress, ahead: { ...ahead, folders: ahead.folders.slice(1) } },
    { ...wordpress, ahead: { ...ahead, identity: ahead.identity.slice(1) } },
  ];
  const recipes = [
    recipeOf(wordpress, COMPOSE_FILE),
    recipeOf(wordpress, Buffer.from('services: { web: {} }')),
    ...other.map((stack) => recipeOf(stack, COMPOSE_FILE)),
  ];

  expect(new Set(recipes).size).toBe(recipes.length);
  expect(recipeOf({ ...wordpress }, COMPOSE_FILE)).toBe(recipes[0]);
});

test('whoever changes how a shop is made ahead, or what is kept of it, says whether snapshots are to be made anew', () => {
  const found = { format: RECIPE_FORMAT, makers: digestOf(MAKERS) };
  expect(
    found,
    [
      'What makes shops ahead has changed. Would a snapshot, or a shop that waits, be another one by now?',
      'If so, raise RECIPE_FORMAT in src/stacks/recipe.ts: both are made anew then, on every machine.',
      'In any case record here what was found.',
    ].join('\n'),
  ).toEqual(RECORDED);
});

/** Of these files' words, whatever is said beside them and however they are laid out. */
function digestOf(files: readonly string[]): string {
  const hash = createHash('sha256');
  for (const file of files)
    hash.update(JSON.stringify([file, wordsOf(readFileSync(join(packageRoot(), 'src', file), 'utf8'))]));
  return hash.digest('hex').slice(0, 16);
}

/** Without comments. */
function wordsOf(source: string): string[] {
  const words: string[] = [];
  const file = ts.createSourceFile('source.ts', source, ts.ScriptTarget.Latest);
  const visit = (node: ts.Node): void => {
    if (ts.isJSDoc(node)) return;
    if (node.getChildCount(file) === 0) words.push(node.getText(file));
    else for (const child of node.getChildren(file)) visit(child);
  };
  visit(file);
  return words;
}
