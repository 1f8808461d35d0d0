import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CATALOGUE } from '../../src/adapters/artifacts/catalogue.ts';
import { recognise } from '../../src/adapters/artifacts/recognise.ts';
import { takeFromComposer } from '../../src/adapters/artifacts/sources/composer-project.ts';
import { createComposerProjects } from '../../src/adapters/docker/composer-projects.ts';
import { createDockerClient } from '../../src/adapters/docker/docker-client.ts';
import { withLock } from '../../src/adapters/host/exclusive-lock.ts';
import { createHost } from '../../src/adapters/host/host.ts';
import { packageRoot } from '../../src/lib/package-root.ts';
import { MINUTE } from '../../src/lib/time.ts';
import { magentoProject } from '../fakes/magento-project.ts';
import { zip } from '../fakes/zip.ts';
import { ARTIFACTS_DIR, DOCKER_SOCKET } from '../setup/places.ts';

const PACKAGE = 'magento/project-community-edition';
const PRODUCT = 'magento/product-community-edition';
const VERSION = '2.4.7-p7';
const KEYS = { username: 'public-key-of-mine', password: 'private-key-of-mine' };
/** The first of them builds the image that composer runs in. */
const WITHIN_MS = 5 * MINUTE;
const docker = createDockerClient(DOCKER_SOCKET);

let folder: string;
let server: Server;
let repository: string;
const asked: { path: string; authorization: string | undefined }[] = [];
const said: string[] = [];

/** A composer repository of our own where containers reach it: a project that wants one package, both for those with keys. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'composer-'));
  const { IPAM } = (await docker.getNetwork('bridge').inspect()) as {
    IPAM: { Config: { Subnet: string; Gateway?: string }[] };
  };
  // An engine that has started for the first time does not tell the gateway of its own bridge: it is the first address.
  const host = IPAM.Config.map(({ Subnet, Gateway }) => Gateway ?? Subnet.replace(/0\/\d+$/, '1'))[0] ?? '';
  server = createServer((request, response) => {
    const { authorization } = request.headers;
    asked.push({ path: request.url ?? '', authorization });
    const path = (request.url ?? '').replace('/keys/', '/');
    const wanted = `Basic ${Buffer.from(`${KEYS.username}:${KEYS.password}`).toString('base64')}`;
    if (request.url?.startsWith('/keys/') && authorization !== wanted) {
      response.writeHead(401, { 'WWW-Authenticate': 'Basic' }).end();
      return;
    }
    const body = pages(repository + (request.url?.startsWith('/keys/') ? '/keys' : ''))[path];
    response.statusCode = body === undefined ? 404 : 200;
    response.end(body);
  });
  server.listen(0, host);
  await once(server, 'listening');
  repository = `http://${host}:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await rm(folder, { recursive: true, force: true });
});

/** The same two packages below either address. */
function pages(base: string): Record<string, Buffer | string> {
  const dist = (name: string) => ({ type: 'zip', url: `${base}/${name}.zip` });
  const repositories = [{ 'packagist.org': false }, { type: 'composer', url: base }];
  const manifest = { name: PACKAGE, require: { [PRODUCT]: VERSION }, repositories, config: { 'secure-http': false } };
  const files = Object.entries(magentoProject({ top: '' })).filter(([path]) => !/^(vendor|composer)/.test(path));
  const project = { name: PACKAGE, version: VERSION, type: 'project', dist: dist('project') };
  const product = { name: PRODUCT, version: VERSION, dist: dist('product'), require: { php: '~8.2.0||~8.3.0' } };
  return {
    '/packages.json': JSON.stringify({
      packages: { [PACKAGE]: { [VERSION]: project }, [PRODUCT]: { [VERSION]: product } },
    }),
    '/project.zip': zip({ ...Object.fromEntries(files), 'composer.json': JSON.stringify(manifest) }),
    '/product.zip': zip({ 'composer.json': JSON.stringify({ name: PRODUCT }) }),
  };
}

const createProject = createComposerProjects({
  docker,
  artifactsDir: ARTIFACTS_DIR,
  apt: createHost({ onProgress: () => undefined }).apt,
  withLock,
  environment: {},
  packageRoot: packageRoot(),
});
const room = async () => {
  const work = await mkdtemp(join(folder, 'work-'));
  return { work, signal: AbortSignal.timeout(WITHIN_MS), onProgress: (line: string) => void said.push(line) };
};
const source = (path: string, wantsKeys: boolean) =>
  ({ kind: 'composer', package: PACKAGE, version: VERSION, repository: `${repository}${path}`, wantsKeys }) as const;

describe('a project of composer', () => {
  it('is fetched with the keys of the operator and comes out as an archive that is recognised', {
    timeout: WITHIN_MS,
  }, async () => {
    const fetched = await takeFromComposer(
      source('/keys', true),
      CATALOGUE.magento,
      { createProject, keys: KEYS },
      await room(),
    );

    expect(await recognise(fetched.file, AbortSignal.timeout(MINUTE))).toMatchObject({
      version: VERSION,
      entry: { name: 'magento' },
      facts: { php: '~8.2.0||~8.3.0' },
    });
    expect(asked.map(({ path }) => path)).toContain('/keys/product.zip');
    expect(said.join('\n')).not.toContain(KEYS.password);
    expect(await leftovers()).toEqual([]);
  });

  it('wrong keys are told, without telling them', { timeout: WITHIN_MS }, async () => {
    const keys = { username: 'nobody', password: 'wrong-key-of-mine' };
    const failure: unknown = await takeFromComposer(
      source('/keys', true),
      CATALOGUE.magento,
      { createProject, keys },
      await room(),
    ).catch((thrown: unknown) => thrown);

    expect(failure).toMatchObject({
      code: 'artifact_missing',
      message: expect.stringMatching(/refuses the keys/) as string,
      hint: expect.stringContaining('MAGENTO_REPO_PRIVATE_KEY') as string,
    });
    expect(JSON.stringify(failure)).not.toContain(keys.password);
  });

  it('without keys, a repository that wants some is not asked', async () => {
    const before = asked.length;

    await expect(
      takeFromComposer(source('/keys', true), CATALOGUE.magento, { createProject }, await room()),
    ).rejects.toMatchObject({ message: expect.stringMatching(/wants keys \(MAGENTO_REPO_PUBLIC_KEY/) as string });
    expect(asked).toHaveLength(before);
  });

  it('a repository that cannot be reached says so in a sentence', { timeout: WITHIN_MS }, async () => {
    const unknown = { ...source('', false), repository: 'https://mirror.invalid/' };

    await expect(takeFromComposer(unknown, CATALOGUE.magento, { createProject }, await room())).rejects.toMatchObject({
      code: 'artifact_missing',
      message: expect.stringMatching(/^mirror\.invalid \(composer create-project .*Could not resolve host/) as string,
    });
  });
});

/** Containers that were made here and not removed. */
async function leftovers(): Promise<string[]> {
  const found = await docker.listContainers({ all: true, filters: { label: ['shophosting.image.reader'] } });
  return found.filter(({ Image }) => Image.startsWith('shophosting/composer')).map(({ Id }) => Id);
}
