import { beforeEach, expect, test } from 'vitest';
import { COMPILED_KEY, type CompiledParts, compiledKeyOf, compiledNameOf } from '../domain/compiled-code.ts';
import { AppError } from '../domain/errors.ts';
import type { Adapters } from './adapters.ts';
import { compiledPartsOfToday, type Makers } from './choose-parts.ts';
import { compileCode, createCompiledCodeRemoval } from './compile-code.ts';

const ids = { pages: 'a'.repeat(32), programs: 'b'.repeat(32) };
const never = new AbortController().signal;
const nameOf = (parts: CompiledParts): string => compiledNameOf(compiledKeyOf(parts), ids);
const oldName = (of: string): string => nameOf({ image: of, mounts: [] });

let there: Set<string>;
let made: string[];
let failure: AppError | undefined;
let applications: string[];
let used: { stores: string[]; members: string[]; golden: string[] };

beforeEach(() => {
  [there, made, failure, applications] = [new Set(), [], undefined, ['woocommerce']];
  used = { stores: [], members: [], golden: [] };
});

const compiled = (parts: CompiledParts) => ({ name: nameOf(parts), ...ids });
const images = (name: string) => ({ images: { [COMPILED_KEY]: name } });
const adapters = () =>
  ({
    config: { dataDir: '/data', optionalServices: {}, images: {} },
    images: { idOf: async (name: string) => `sha256:${name}` },
    artifacts: {
      find: async (name: string) => (applications.includes(name) ? { name } : undefined),
      unpacked: async (name: string) => ({ path: `/data/applications/${name}-1`, version: '1' }),
    },
    composeFiles: { templateOf: async () => Buffer.from('services: {}') },
    compiledCode: {
      find: async (parts: CompiledParts) => (there.has(nameOf(parts)) ? compiled(parts) : undefined),
      ensure: async (parts: CompiledParts, what: string) => {
        if (failure !== undefined) throw failure;
        there.add(nameOf(parts));
        made.push(what);
        return compiled(parts);
      },
      list: async () => [...there],
      remove: async (name: string) => void there.delete(name),
    },
    repositories: {
      poolMembers: { list: async () => used.members.map((name) => ({ parts: images(name) })) },
      stores: { list: async () => used.stores.map(images) },
    },
    golden: { list: async () => used.golden.map(images) },
  }) as unknown as Makers & Pick<Adapters, 'repositories' | 'golden'>;

test('each platform that is there has its code compiled once; a failure is told, and hinders nobody', async () => {
  const said: string[] = [];
  await compileCode(['wordpress', 'woocommerce', 'magento'], adapters(), never, (line) => said.push(line));
  await compileCode(['wordpress', 'woocommerce', 'magento'], adapters(), never, (line) => said.push(line));
  expect([made, said]).toEqual([['the PHP of WordPress', 'the PHP of WooCommerce'], []]);

  [there, applications, failure] = [new Set(), [], new AppError('image_refused', 'It ended with 1.')];
  await compileCode(['wordpress', 'woocommerce'], adapters(), never, (line) => said.push(line));
  expect(said).toEqual(['WordPress: without compiled code: It ended with 1.']);
});

test('a store is made of what was compiled of its parts, and does without where that fails', async () => {
  const { images: parts } = await compiledPartsOfToday('woocommerce', adapters(), never, () => undefined);
  expect([...there]).toEqual([parts[COMPILED_KEY]]);

  [there, failure] = [new Set(), new AppError('disk_full', 'The disk is full.')];
  const without = await compiledPartsOfToday('woocommerce', adapters(), never, () => undefined);
  expect(without.images).not.toHaveProperty(COMPILED_KEY);
});

test('what nobody is made of any more goes once it was found so twice; all else stays', async () => {
  await compileCode(['wordpress'], adapters(), never, () => undefined);
  const [today] = [...there];
  const [ofStore, ofMember, ofSnapshot, ofNobody] = ['one', 'two', 'three', 'four'].map(oldName);
  used = { stores: [ofStore ?? ''], members: [ofMember ?? ''], golden: [ofSnapshot ?? ''] };
  for (const name of [ofStore, ofMember, ofSnapshot, ofNobody]) there.add(name ?? '');
  const round = createCompiledCodeRemoval(adapters());

  await round();
  expect(there.size).toBe(5);
  await round();
  expect(there).toEqual(new Set([today, ofStore, ofMember, ofSnapshot]));

  used = { stores: [], members: [], golden: [] };
  await round();
  used = { ...used, stores: [ofStore ?? ''] };
  await round();
  expect(there).toEqual(new Set([today, ofStore]));
});
