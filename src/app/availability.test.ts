import { expect, it } from 'vitest';
import type { Artifact } from '../adapters/artifacts/artifact-store.ts';
import type { ApplicationName } from '../adapters/artifacts/catalogue.ts';
import type { PreparedImage } from '../adapters/docker/images/image-store.ts';
import { AppError } from '../domain/errors.ts';
import type { ImageName } from '../stacks/stack.ts';
import { whyUnavailable } from './availability.ts';
import { prepareImages } from './prepare-images.ts';

type Machine = Parameters<typeof prepareImages>[0];

const MAGENTO_247 = { 'MySQL-8': '^8\\.0\\.', 'MariaDB-(10.2-10.11)': '^10\\.([2-9]|10|11)\\.' };
const MAGENTO_248 = { 'MySQL-8.4': '^8\\.4\\.', 'MariaDB-11.4': '^11\\.4\\.' };
const NEEDED: readonly ImageName[] = ['magento', 'mariadb', 'redis', 'search'];

/** A machine with these archives and these images; nothing of it is asked that a real one could not answer at once. */
function machine({
  archives = [],
  images = [],
  databases = MAGENTO_247,
  searchEngines = ['opensearch', 'elasticsearch7'],
  accepts,
  refs = {},
  keys = false,
  mariadb = '10.11.19',
  elasticsearch = '7.17.29',
  isEngineUp = true,
}: {
  archives?: readonly ApplicationName[];
  images?: readonly ImageName[];
  databases?: Record<string, string>;
  searchEngines?: readonly string[];
  /** As the label of an image of others says it. */
  accepts?: PreparedImage['accepts'];
  refs?: Partial<Record<ImageName, string>>;
  keys?: boolean;
  mariadb?: string;
  elasticsearch?: string;
  isEngineUp?: boolean;
}): Machine & { readonly prepared: ImageName[] } {
  const prepared: ImageName[] = [];
  const artifact = (name: ApplicationName): Artifact => ({
    name,
    version: name === 'elasticsearch' ? elasticsearch : name === 'opensearch' ? '2.19.5' : '2.4.8',
    sha256: 'aa',
    source: 'x',
    present: true,
    facts: name === 'magento' ? { databases, searchEngines } : {},
  });
  const versions: Partial<Record<ImageName, Record<string, string>>> = {
    mariadb: { mariadb },
    search: { search: '2.19.5', distribution: 'opensearch' },
    magento: { magento: '2.4.7-p7' },
  };
  const image = (name: ImageName) =>
    ({
      name,
      reference: refs[name] ?? `ours/${name}`,
      source: refs[name] === undefined ? 'built' : 'pulled',
      versions: versions[name] ?? {},
      ...(name === 'magento' && accepts !== undefined ? { accepts } : {}),
    }) as PreparedImage;
  return {
    prepared,
    config: {
      images: refs,
      optionalServices: {},
    },
    artifacts: {
      find: async (name: ApplicationName) => (archives.includes(name) ? artifact(name) : undefined),
      async obtain(name: ApplicationName) {
        if (archives.includes(name)) return artifact(name);
        throw new AppError('artifact_missing', `${name} cannot be had.`, { hint: `Put ${name} there.` });
      },
      whyMissing: async (name: ApplicationName) =>
        keys && name === 'magento' ? undefined : { reason: 'not on this machine', fix: `Put ${name} there.` },
    },
    images: {
      async find(name: ImageName) {
        if (!isEngineUp) throw new AppError('docker_unavailable', 'The engine does not answer.');
        return images.includes(name) ? image(name) : undefined;
      },
      isRecorded: async (name: ImageName) => images.includes(name),
      async prepare(names: readonly ImageName[]) {
        prepared.push(...names);
        return names.map(image);
      },
    },
  } as unknown as Machine & { readonly prepared: ImageName[] };
}

it('Magento is offered when all its images are here', async () => {
  expect(await whyUnavailable('magento', machine({ images: NEEDED }))).toBeUndefined();
});

it.each([
  [
    'nothing of it is here',
    {},
    /Magento is not on this machine/,
    /Put magento there\..*MAGENTO_IMAGE.*Then: shopctl images prepare magento/,
  ],
  [
    'the search engine is missing',
    { archives: ['magento'] },
    /OpenSearch is not on this machine/,
    /Put opensearch there.*SEARCH_IMAGE/,
  ],
  [
    'everything is brought and nothing made',
    { archives: ['magento', 'opensearch'], images: ['redis'] },
    /its images \(magento, mariadb, search\) are not made yet/,
    /^Make them: shopctl images prepare magento$/,
  ],
  ['keys stand for the archive', { keys: true }, /OpenSearch is not/, /Put opensearch there/],
  [
    'images of others stand for both',
    { refs: { magento: 'registry/m', search: 'registry/s' } },
    /are not made yet/,
    /shopctl images prepare magento/,
  ],
  ['Elasticsearch will do', { archives: ['magento', 'elasticsearch'] }, /are not made yet/, /prepare magento/],
  [
    'this Magento accepts another database',
    { archives: ['magento', 'opensearch'], databases: MAGENTO_248 },
    /Magento 2\.4\.8 accepts MySQL-8\.4, MariaDB-11\.4; what is here is mariadb 10\.11\./,
    /MAGENTO_DB_IMAGE/,
  ],
  [
    'such a database is named',
    { archives: ['magento', 'opensearch'], databases: MAGENTO_248, refs: { mariadb: 'registry/mariadb:11.4' } },
    /are not made yet/,
    /prepare magento/,
  ],
  [
    'what is made holds another database',
    { archives: ['magento', 'opensearch'], images: NEEDED, mariadb: '11.4.8' },
    /Magento 2\.4\.7-p7 accepts MySQL-8, MariaDB-\(10\.2-10\.11\); what is here is mariadb 11\.4\.8/,
    /MAGENTO_DB_IMAGE.*Then: shopctl images prepare magento/,
  ],
  [
    'this Magento speaks to another Elasticsearch',
    { archives: ['magento', 'elasticsearch'], elasticsearch: '8.17.10' },
    /accepts opensearch, elasticsearch7; what is here is elasticsearch 8\.17\.10/,
    /Bring an archive of one of those, or name an image with one in SEARCH_IMAGE/,
  ],
  [
    'an image of others does not say what it accepts',
    { images: NEEDED, refs: { magento: 'registry/m' } },
    /registry\/m does not say which databases and search engines it accepts/,
    /shophosting\.image\.accepts/,
  ],
  [
    'an image of others accepts another database',
    { images: NEEDED, refs: { magento: 'registry/m' }, accepts: { databases: MAGENTO_248 } },
    /accepts MySQL-8\.4, MariaDB-11\.4; what is here is mariadb 10\.11\.19/,
    /MAGENTO_DB_IMAGE/,
  ],
  ['the engine is silent', { isEngineUp: false }, /The engine does not answer/, /shopctl doctor/],
] as const)('Magento is not offered, with the exact cure: %s', async (_, facts, reason, fix) => {
  const found = await whyUnavailable('magento', machine(facts));

  expect(found?.reason).toMatch(reason);
  expect(found?.fix).toMatch(fix);
});

it('WooCommerce needs its archive only: its images are made whenever the platform starts', async () => {
  expect(await whyUnavailable('woocommerce', machine({ archives: ['woocommerce'] }))).toBeUndefined();
  expect(await whyUnavailable('woocommerce', machine({}))).toMatchObject({
    reason: expect.stringContaining('woocommerce archive') as string,
  });
});

it("preparing without a name leaves Magento's minutes out, until it was prepared once", async () => {
  const fresh = machine({});
  await prepareImages(fresh, undefined, AbortSignal.timeout(1000));
  const known = machine({ images: NEEDED, archives: ['magento', 'opensearch'] });
  await prepareImages(known, undefined, AbortSignal.timeout(1000));

  expect(fresh.prepared).not.toContain('magento');
  expect(fresh.prepared).not.toContain('phpmyadmin');
  expect(known.prepared).toEqual(expect.arrayContaining(['wordpress', 'mysql', ...NEEDED]));
});

it('phpMyAdmin is renewed with the others once somebody has asked for it', async () => {
  const known = machine({ images: ['phpmyadmin'] });
  await prepareImages(known, undefined, AbortSignal.timeout(1000));

  expect(known.prepared).toContain('phpmyadmin');
});

it('a search engine that cannot be had is told before anything is made, with both cures', async () => {
  const without = machine({ archives: ['magento'] });

  await expect(prepareImages(without, 'magento', AbortSignal.timeout(1000))).rejects.toMatchObject({
    code: 'artifact_missing',
    hint: 'Put opensearch there. Or name an image in SEARCH_IMAGE.',
  });
  expect(without.prepared).toEqual([]);
});

it('a database that this Magento does not accept is told before anything long begins', async () => {
  const wrong = machine({ archives: ['magento', 'elasticsearch'], databases: MAGENTO_248 });

  await expect(prepareImages(wrong, 'magento', AbortSignal.timeout(1000))).rejects.toMatchObject({
    code: 'image_refused',
    hint: expect.stringContaining('MAGENTO_DB_IMAGE') as string,
  });
  expect(wrong.prepared).toEqual(['mariadb']);
});

it.each([
  [
    'a search engine that this Magento does not speak to',
    { archives: ['magento', 'elasticsearch'], elasticsearch: '8.17.10' },
    /elasticsearch 8\.17\.10/,
  ],
  [
    'what an image of others does not accept',
    { refs: { magento: 'registry/m' }, archives: ['opensearch'], accepts: { databases: MAGENTO_248 } },
    /mariadb 10\.11/,
  ],
] as const)('%s is told before anything long begins, too', async (_, facts, message) => {
  const wrong = machine(facts);

  await expect(prepareImages(wrong, 'magento', AbortSignal.timeout(1000))).rejects.toMatchObject({
    code: 'image_refused',
    message: expect.stringMatching(message) as string,
  });
  expect(wrong.prepared).not.toContain('search');
});

it('an image of others whose needs are met is prepared with the rest', async () => {
  const facts = {
    refs: { magento: 'registry/m' },
    archives: ['opensearch'],
    accepts: { databases: MAGENTO_247 },
  } as const;
  const right = machine(facts);
  await prepareImages(right, 'magento', AbortSignal.timeout(1000));

  expect(right.prepared).toEqual(expect.arrayContaining([...NEEDED]));
  expect(await whyUnavailable('magento', machine({ ...facts, images: NEEDED }))).toBeUndefined();
});
