import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createArtifactStore } from '../../src/adapters/artifacts/artifact-store.ts';
import { createDockerClient } from '../../src/adapters/docker/docker-client.ts';
import { createImageStore } from '../../src/adapters/docker/images/image-store.ts';
import { createApt } from '../../src/adapters/host/apt.ts';
import { withLock } from '../../src/adapters/host/exclusive-lock.ts';
import { packageRoot } from '../../src/lib/package-root.ts';
import { MINUTE } from '../../src/lib/time.ts';
import { programsOf } from '../../src/stacks/programs-of.ts';
import { type SearchEngine, startContainerEngine, startStandInEngine } from '../services/search-engine.ts';
import { searchStandInImage } from '../services/search-stand-in.ts';
import { ARTIFACTS_DIR, DATA_DIR, DOCKER_SOCKET } from '../setup/places.ts';

/** Indices as Magento names them: versions of one store's products, and the alias that it searches. */
const ALIAS = 'shop_product_1';
const V1 = `${ALIAS}_v1`;
const V2 = `${ALIAS}_v2`;

/** As `shop-install` puts it. */
const TEMPLATE = '/_index_template/shop';
const NO_COPIES = { index_patterns: ['*'], template: { settings: { index: { number_of_replicas: 0 } } } };

/** As Magento makes an index, in short. */
const SETTINGS = {
  analysis: {
    analyzer: {
      default: {
        type: 'custom',
        tokenizer: 'default_tokenizer',
        filter: ['lowercase', 'keyword_repeat', 'asciifolding', 'default_stemmer', 'unique_stem'],
        char_filter: ['default_char_filter'],
      },
      prefix_search: {
        type: 'custom',
        tokenizer: 'default_tokenizer',
        filter: ['lowercase', 'asciifolding'],
        char_filter: ['default_char_filter'],
      },
      sku: {
        type: 'custom',
        tokenizer: 'keyword',
        filter: ['lowercase', 'keyword_repeat', 'asciifolding', 'default_stemmer', 'unique_stem'],
      },
    },
    tokenizer: { default_tokenizer: { type: 'standard' } },
    filter: {
      default_stemmer: { type: 'stemmer', language: 'english' },
      unique_stem: { type: 'unique', only_on_same_position: true },
    },
    char_filter: { default_char_filter: { type: 'html_strip' } },
    normalizer: { folding: { type: 'custom', filter: ['asciifolding', 'lowercase'] } },
  },
  index: { mapping: { total_fields: { limit: 1200 } } },
};

const MAPPING = {
  properties: {
    _search: { type: 'text' },
    name: {
      type: 'text',
      fields: { sort_name: { type: 'keyword', index: false, normalizer: 'folding' }, keyword: { type: 'keyword' } },
      copy_to: ['_search'],
    },
    sku: { type: 'text', analyzer: 'sku', fields: { keyword: { type: 'keyword' } }, copy_to: ['_search'] },
    visibility: { type: 'integer' },
    category_ids: { type: 'integer' },
    color: { type: 'integer' },
    price_0_1: { type: 'double', store: true },
    position_category_3: { type: 'integer', index: false },
    created_at: { type: 'date' },
  },
  dynamic_templates: [
    {
      price_mapping: { match: 'price_*', match_mapping_type: 'string', mapping: { type: 'double', store: true } },
    },
    {
      string_mapping: {
        match: '*',
        match_mapping_type: 'string',
        mapping: { type: 'text', index: true, copy_to: '_search' },
      },
    },
  ],
};

const PRODUCTS = {
  '1': {
    name: 'Blue travel bags',
    sku: 'BAG-01',
    visibility: 4,
    category_ids: [2, 3],
    color: [10],
    price_0_1: '20.500000',
    position_category_3: 2,
    created_at: '2026-11-25T10:00:00+00:00',
  },
  '2': {
    name: 'Café cup',
    sku: 'CUP-01',
    visibility: 4,
    category_ids: [2, 3],
    color: [10, 11],
    price_0_1: '5.000000',
    position_category_3: 1,
    created_at: '2026-11-24T10:00:00+00:00',
  },
  '3': {
    name: 'Air balloon',
    sku: 'AIR-9',
    visibility: 4,
    category_ids: [2],
    price_0_1: '150.000000',
    description: '<p>Fits into a <b>bag</b></p>',
    created_at: '2026-11-23T10:00:00+00:00',
  },
  '4': { name: 'Hidden bag', sku: 'HID-1', visibility: 1, category_ids: [2, 3], price_0_1: '1.000000' },
};

/** Java takes its time on a busy machine. */
const START_WITHIN_MS = 4 * MINUTE;
const docker = createDockerClient(DOCKER_SOCKET);
const quiet = { onProgress: (): void => undefined };
/** What answers, or the reason why there is nothing to try. */
const ENGINES: readonly {
  readonly name: string;
  readonly start: () => Promise<SearchEngine | string>;
  readonly isContainer: boolean;
}[] = [
  { name: 'the search stand-in', start: startStandInEngine, isContainer: false },
  { name: 'the image of the search stand-in', start: startStandInImage, isContainer: true },
  { name: 'the image search', start: startSearchImage, isContainer: true },
];

interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

type Settings = Record<string, { readonly settings: { readonly index: { readonly number_of_replicas: string } } }>;

describe.each(ENGINES)('what Magento needs of a search engine ($name)', ({ start, isContainer }) => {
  let engine: SearchEngine;
  let missing: string | undefined;
  beforeAll(async () => {
    const started = await start();
    if (typeof started === 'string') missing = started;
    else engine = started;
  });
  afterAll(async () => {
    if (missing === undefined) await engine.stop();
  });
  beforeEach(async (context) => {
    if (missing !== undefined) context.skip(missing);
    await ask('DELETE', '/shop_*');
    await ask('DELETE', TEMPLATE);
  });

  describe('an index', () => {
    it('is made, found and removed by its name', async () => {
      expect((await ask('HEAD', '/')).status).toBe(200);
      expect((await ask('HEAD', `/${V1}`)).status).toBe(404);

      expect(await ask('PUT', `/${V1}`, { settings: SETTINGS })).toMatchObject({
        status: 200,
        body: { acknowledged: true, index: V1 },
      });
      expect(await ask('PUT', `/${V1}/_mapping`, MAPPING)).toMatchObject({ body: { acknowledged: true } });
      expect((await ask('HEAD', `/${V1}`)).status).toBe(200);
      expect((await ask('GET', '/')).body).toMatchObject({ version: { distribution: 'opensearch' } });

      expect((await ask('DELETE', `/${V1}`)).body).toMatchObject({ acknowledged: true });
      expect((await ask('HEAD', `/${V1}`)).status).toBe(404);
    });

    it('is not made twice, and not under a wrong name', async () => {
      await ask('PUT', `/${V1}`, { settings: SETTINGS });

      expect(await ask('PUT', `/${V1}`)).toMatchObject(refusal(400, 'resource_already_exists_exception'));
      expect(await ask('PUT', '/shop_WRONG')).toMatchObject(refusal(400, 'invalid_index_name_exception'));
      expect(await ask('DELETE', `/${V2}`)).toMatchObject(refusal(404, 'index_not_found_exception'));
    });

    it('takes further fields and settings while it lives, and never another type for a field', async () => {
      await withIndex(V1);

      expect((await ask('PUT', `/${V1}/_settings`, { index: { mapping: { total_fields: { limit: 1300 } } } })).body) //
        .toMatchObject({ acknowledged: true });
      await ask('PUT', `/${V1}/_mapping`, { properties: { size: { type: 'integer' } } });
      const { body } = await ask('GET', `/${V1}/_mapping`);

      expect(body).toMatchObject({
        [V1]: { mappings: { properties: { size: { type: 'integer' }, color: { type: 'integer' } } } },
      });
      expect(await ask('PUT', `/${V1}/_mapping`, { properties: { size: { type: 'text' } } })) //
        .toMatchObject(refusal(400, 'illegal_argument_exception'));
    });
  });

  describe('a template', () => {
    it('says that indices made from now on have no copies, however often it is put', async () => {
      await withIndex(V1);
      for (const _ of [1, 2]) {
        expect(await ask('PUT', TEMPLATE, NO_COPIES)).toMatchObject({ status: 200, body: { acknowledged: true } });
      }
      await withIndex(V2);

      expect([await copiesOf(V1), await copiesOf(V2)]).toEqual(['1', '0']);
      expect((await ask('DELETE', TEMPLATE)).body).toMatchObject({ acknowledged: true });
      await ask('DELETE', `/${V2}`);
      await withIndex(V2);
      expect(await copiesOf(V2)).toBe('1');
    });

    it('gives way to what is asked for an index itself', async () => {
      await ask('PUT', TEMPLATE, NO_COPIES);
      await ask('PUT', `/${V1}`, { settings: { index: { number_of_replicas: 2 } } });
      expect(await copiesOf(V1)).toBe('2');
    });

    it('is refused without a name of an index, and not there when it was never put', async () => {
      expect((await ask('PUT', TEMPLATE, { template: NO_COPIES.template })).status).toBe(400);
      expect((await ask('DELETE', TEMPLATE)).status).toBe(404);
    });
  });

  describe('an alias', () => {
    it('moves from one index to the next in one step, and searches follow', async () => {
      await withProducts(V1);
      await withIndex(V2);
      expect((await ask('HEAD', `/_alias/${ALIAS}`)).status).toBe(404);
      expect((await ask('GET', `/_alias/${ALIAS}`)).status).toBe(404);

      await ask('POST', '/_aliases', { actions: [{ add: { alias: ALIAS, index: V1 } }] });
      expect((await ask('HEAD', `/_alias/${ALIAS}`)).status).toBe(200);
      expect((await ask('HEAD', `/${V1}/_alias/${ALIAS}`)).status).toBe(200);
      expect((await ask('HEAD', `/${V2}/_alias/${ALIAS}`)).status).toBe(404);
      expect(await found({ match_all: {} })).toHaveLength(4);

      await ask('POST', '/_aliases', {
        actions: [{ remove: { alias: ALIAS, index: V1 } }, { add: { alias: ALIAS, index: V2 } }],
      });
      expect((await ask('GET', `/_alias/${ALIAS}`)).body).toEqual({ [V2]: { aliases: { [ALIAS]: {} } } });
      expect(await found({ match_all: {} })).toEqual([]);
    });

    it('changes nothing when one of the actions cannot be', async () => {
      await withIndex(V1);
      await ask('POST', '/_aliases', { actions: [{ add: { alias: ALIAS, index: V1 } }] });
      const actions = [{ remove: { alias: ALIAS, index: V1 } }, { add: { alias: ALIAS, index: V2 } }];

      expect(await ask('POST', '/_aliases', { actions })).toMatchObject(refusal(404, 'index_not_found_exception'));
      expect((await ask('HEAD', `/${V1}/_alias/${ALIAS}`)).status).toBe(200);
      expect(await ask('DELETE', `/${ALIAS}`)).toMatchObject(refusal(400, 'illegal_argument_exception'));
    });

    it('goes with its index', async () => {
      await withIndex(V1);
      await ask('POST', '/_aliases', { actions: [{ add: { alias: ALIAS, index: V1 } }] });
      await ask('DELETE', `/${V1}`);

      expect((await ask('HEAD', `/_alias/${ALIAS}`)).status).toBe(404);
    });
  });

  describe('documents', () => {
    it('are written and removed many at a time, and searchable at once', async () => {
      await withIndex(V1);
      const written = await bulk(V1, [
        ...Object.entries(PRODUCTS).flatMap(([_id, product]) => [{ index: { _id, _index: V1 } }, product]),
      ]);
      expect(written).toMatchObject({ status: 200, body: { errors: false } });
      expect(written.body['items']).toHaveLength(4);
      expect(await documentsIn(V1)).toBe(4);

      const removed = await bulk(V1, [{ delete: { _id: '1', _index: V1 } }, { delete: { _id: '99', _index: V1 } }]);
      expect(removed).toMatchObject({
        body: { errors: false, items: [{ delete: { result: 'deleted' } }, { delete: { status: 404 } }] },
      });
      expect(await documentsIn(V1)).toBe(3);
    });

    it('with a value that does not fit are refused one by one; the others are kept', async () => {
      await withIndex(V1);
      const answer = await bulk(V1, [
        { index: { _id: '1' } },
        { color: 'blue' },
        { index: { _id: '2' } },
        { color: 10 },
      ]);

      expect(answer).toMatchObject({
        status: 200,
        body: {
          errors: true,
          items: [{ index: { status: 400, error: { type: 'mapper_parsing_exception' } } }, { index: { status: 201 } }],
        },
      });
      expect(await documentsIn(V1)).toBe(1);
    });

    it('are all refused when the lines cannot be read', async () => {
      await withIndex(V1);
      const response = await fetch(`${engine.url()}/${V1}/_bulk`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: '{"index":{"_id":"1"}}\n{"name":"no newline"}',
      });

      expect(response.status).toBe(400);
      expect(await documentsIn(V1)).toBe(0);
    });
  });

  describe('a category page', () => {
    beforeEach(async () => {
      await withProducts(V1);
      await ask('POST', '/_aliases', { actions: [{ add: { alias: ALIAS, index: V1 } }] });
    });

    it('gets ids in the wanted order, the total, and the layered navigation', async () => {
      const { status, body } = await search({
        from: 0,
        size: 10_000,
        stored_fields: '_none_',
        docvalue_fields: ['_id', '_score'],
        sort: [{ position_category_3: { order: 'asc' } }],
        query: { bool: { must: [{ term: { category_ids: '3' } }, { terms: { visibility: ['2', '4'] } }] } },
        aggregations: {
          price_bucket: { extended_stats: { field: 'price_0_1' } },
          category_bucket: { terms: { field: 'category_ids', size: 500 } },
          color_bucket: { terms: { field: 'color', size: 500 } },
          prices: { histogram: { field: 'price_0_1', interval: 10, min_doc_count: 1 } },
        },
      });

      expect(status).toBe(200);
      expect(body).toMatchObject({
        hits: { total: { value: 2, relation: 'eq' }, hits: [{ fields: { _id: ['2'] } }, { fields: { _id: ['1'] } }] },
        aggregations: {
          price_bucket: { count: 2, min: 5, max: 20.5, avg: 12.75, std_deviation: 7.75 },
          category_bucket: {
            buckets: [
              { key: 2, doc_count: 2 },
              { key: 3, doc_count: 2 },
            ],
          },
          color_bucket: {
            buckets: [
              { key: 10, doc_count: 2 },
              { key: 11, doc_count: 1 },
            ],
          },
          prices: {
            buckets: [
              { key: 0, doc_count: 1 },
              { key: 20, doc_count: 1 },
            ],
          },
        },
      });
      expect(JSON.stringify(body)).not.toContain('Blue travel');
    });

    it('counts only the categories it asked for', async () => {
      const { body } = await search({
        size: 0,
        aggregations: { category_bucket: { terms: { field: 'category_ids', size: 500, include: ['3'] } } },
      });

      expect(body).toMatchObject({
        hits: { hits: [] },
        aggregations: { category_bucket: { buckets: [{ key: 3, doc_count: 3 }] } },
      });
    });

    it('is cut by price, sorted by name whatever the case or accents, and paged', async () => {
      expect(await found({ range: { price_0_1: { gte: '5', lte: '20.5' } } }, ['price_0_1'])).toEqual(['2', '1']);
      expect(await found({ match_all: {} }, [{ 'name.sort_name': { order: 'asc' } }])) //
        .toEqual(['3', '1', '2', '4']);
      const page = await search({ from: 1, size: 2, sort: [{ 'name.sort_name': { order: 'desc' } }] });
      expect(page.body).toMatchObject({ hits: { total: { value: 4 }, hits: [{ _id: '2' }, { _id: '1' }] } });
    });

    it('says no to a sort or an aggregation by what has no values for it', async () => {
      expect((await search({ sort: [{ nothing_such: { order: 'asc' } }] })).status).toBe(400);
      expect((await search({ sort: [{ name: { order: 'asc' } }] })).status).toBe(400);
      expect((await search({ aggregations: { names: { terms: { field: 'name' } } } })).status).toBe(400);
      expect((await search({ from: 9_999, size: 2 })).status).toBe(400);
    });
  });

  describe('the quick search', () => {
    beforeEach(async () => {
      await withProducts(V1);
      await ask('POST', '/_aliases', { actions: [{ add: { alias: ALIAS, index: V1 } }] });
    });

    it('finds words in any form, the better fit first', async () => {
      const query = {
        bool: {
          should: [
            { match: { _search: { query: 'bag', boost: 2 } } },
            { match_phrase_prefix: { name: { query: 'bag', boost: 2 } } },
            { match_phrase_prefix: { sku: { query: 'bag', boost: 2 } } },
          ],
          must: [{ terms: { visibility: ['3', '4'] } }],
          minimum_should_match: 1,
        },
      };
      expect(await found(query, [{ _score: { order: 'desc' } }])).toEqual(['1', '3']);
    });

    it('finds a phrase that is only begun, a part number, and words with accents', async () => {
      expect(await found({ match_phrase_prefix: { name: { query: 'blue tra', analyzer: 'prefix_search' } } })) //
        .toEqual(['1']);
      expect(await found({ match: { sku: { query: 'bag-01' } } })).toEqual(['1']);
      expect(await found({ wildcard: { sku: '*ag-0*' } })).toEqual(['1']);
      expect(await found({ match: { name: { query: 'cafe' } } })).toEqual(['2']);
      expect(await found({ match_phrase: { name: { query: 'travel blue' } } })).toEqual([]);
    });

    it('takes as many of the words as it is told to', async () => {
      const any = { match: { name: { query: 'blue balloon' } } };
      const both = { match: { name: { query: 'blue balloon', minimum_should_match: '100%' } } };
      const fields = { multi_match: { query: 'BAG-01', fields: ['name^2', 'sku'] } };

      expect((await found(any)).toSorted()).toEqual(['1', '3']);
      expect(await found(both)).toEqual([]);
      expect(await found(fields)).toContain('1');
      expect(await found({ bool: { must: [{ match_all: {} }], must_not: [{ exists: { field: 'color' } }] } })) //
        .toHaveLength(2);
    });

    it('scores only what is ordered by score', async () => {
      const byScore = await search({ query: { match: { name: 'balloon' } } });
      const byPrice = await search({ query: { match: { name: 'balloon' } }, sort: ['price_0_1'] });

      expect(byScore.body).toMatchObject({ hits: { hits: [{ _id: '3', _score: expect.any(Number) as number }] } });
      expect(byPrice.body).toMatchObject({ hits: { max_score: null, hits: [{ _id: '3', _score: null }] } });
    });

    it('suggests what may have been meant', async () => {
      const { body } = await search({
        suggest: {
          text: 'travle',
          phrase_name: {
            phrase: {
              field: 'name',
              analyzer: 'standard',
              size: 2,
              max_errors: 0.9,
              direct_generator: [{ field: 'name', min_word_length: 3 }],
            },
          },
        },
      });

      expect(body).toMatchObject({
        suggest: {
          phrase_name: [{ text: 'travle', options: [{ text: expect.stringMatching(/^travel/) as string }] }],
        },
      });
    });

    it('refuses a query it does not know', async () => {
      expect((await search({ query: { guess_it: {} } })).status).toBe(400);
      expect((await ask('POST', '/shop_nothing/_search', {})).status).toBe(404);
    });
  });

  it('a restart keeps indices, aliases and documents', { timeout: START_WITHIN_MS }, async () => {
    await ask('PUT', TEMPLATE, NO_COPIES);
    await withProducts(V1);
    await ask('POST', '/_aliases', { actions: [{ add: { alias: ALIAS, index: V1 } }] });
    await engine.restart();

    expect((await ask('HEAD', `/${V1}/_alias/${ALIAS}`)).status).toBe(200);
    expect(await found({ match: { _search: { query: 'balloon' } } })).toEqual(['3']);
    expect((await ask('GET', '/_cluster/health')).body).toMatchObject({ number_of_nodes: 1 });
    await withIndex(V2);
    expect(await copiesOf(V2)).toBe('0');
  });

  it.each(isContainer ? ['SIGKILL'] : [])(
    'what was acknowledged outlives %s',
    { timeout: START_WITHIN_MS },
    async () => {
      await ask('PUT', TEMPLATE, NO_COPIES);
      await withProducts(V1);
      await engine.kill?.();
      expect(await documentsIn(V1)).toBe(4);
    },
  );

  it.each(isContainer ? [['SIGSTOP', 'SIGCONT'] as const] : [])(
    'its health check notices that it stands still (%s), and ends by itself',
    async (halt, goOn) => {
      expect(await engine.checkHealth?.()).toBe(0);
      await engine.signal?.(halt);
      expect(await engine.checkHealth?.()).not.toBe(0);
      await engine.signal?.(goOn);
      expect(await engine.checkHealth?.()).toBe(0);
    },
  );

  async function ask(method: string, path: string, body?: unknown): Promise<Answer> {
    const response = await fetch(`${engine.url()}${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      headers: { 'content-type': 'application/json' },
    });
    const text = await response.text();
    return { status: response.status, body: text === '' ? {} : (JSON.parse(text) as Record<string, unknown>) };
  }

  async function bulk(index: string, lines: readonly unknown[]): Promise<Answer> {
    const response = await fetch(`${engine.url()}/${index}/_bulk?refresh=true`, {
      method: 'POST',
      body: lines.map((line) => `${JSON.stringify(line)}\n`).join(''),
      headers: { 'content-type': 'application/json' },
    });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  }

  async function withIndex(name: string): Promise<void> {
    await ask('PUT', `/${name}`, { settings: SETTINGS });
    await ask('PUT', `/${name}/_mapping`, MAPPING);
  }

  async function withProducts(name: string): Promise<void> {
    await withIndex(name);
    await bulk(
      name,
      Object.entries(PRODUCTS).flatMap(([_id, product]) => [{ index: { _id, _index: name } }, product]),
    );
  }

  const search = (body: unknown): Promise<Answer> => ask('POST', `/${ALIAS}/_search?track_total_hits=true`, body);

  async function found(query: unknown, sort: readonly unknown[] = []): Promise<string[]> {
    const { status, body } = await search({ query, sort });
    expect(status, JSON.stringify(body)).toBe(200);
    return (body as { hits: { hits: { _id: string }[] } }).hits.hits.map(({ _id }) => _id);
  }

  const copiesOf = async (index: string): Promise<unknown> => {
    const { body } = await ask('GET', `/${index}/_settings`);
    return (body as Settings)[index]?.settings.index.number_of_replicas;
  };

  const documentsIn = async (index: string): Promise<unknown> => (await ask('GET', `/${index}/_count`)).body['count'];
});

async function startStandInImage(): Promise<SearchEngine> {
  return startContainerEngine(docker, await searchStandInImage(docker, new AbortController().signal));
}

/** Ours, of the vendor's archive, where somebody has put one there. */
async function startSearchImage(): Promise<SearchEngine | string> {
  const { signal } = new AbortController();
  const shared = { dataDir: DATA_DIR, artifactsDir: ARTIFACTS_DIR, apt: createApt(quiet), ...quiet };
  const artifacts = createArtifactStore(shared);
  const archive = (await artifacts.find('opensearch')) ?? (await artifacts.find('elasticsearch'));
  if (archive === undefined) return `there is no archive of OpenSearch or Elasticsearch in ${ARTIFACTS_DIR}`;
  const images = createImageStore({
    ...shared,
    docker,
    artifacts,
    withLock,
    imageRefs: {},
    environment: 'test',
    programsOf,
    packageRoot: packageRoot(),
  });
  const [image] = await images.prepare(['search'], signal);
  return startContainerEngine(docker, image?.id ?? '');
}

const refusal = (status: number, type: string) => ({ status, body: { error: { type } } });
