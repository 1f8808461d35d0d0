import { afterAll, beforeAll, expect, test } from 'vitest';
import { createDockerClient } from '../../src/adapters/docker/docker-client.ts';
import { type ContextFile, readContext } from '../../src/adapters/docker/images/build-context.ts';
import { buildImage } from '../../src/adapters/docker/images/build-image.ts';
import { TIMEZONES } from '../../src/domain/shop-places.ts';
import { packageRoot } from '../../src/lib/package-root.ts';
import { MINUTE } from '../../src/lib/time.ts';
import { openImages } from '../setup/open-images.ts';
import { DOCKER_SOCKET } from '../setup/places.ts';

/** Our PHP is tested where it runs: in the web image, as any user, on a read-only root, with no network at all. */
const UID = 264_999;
const GIGABYTE = 1024 ** 3;
const RUN_WITHIN_MS = 10 * MINUTE;
const CONTENT = '/var/www/html/wp-content';
const WRITABLE = [
  '/var/tmp',
  '/run/shop',
  '/run/secrets/shop',
  '/var/spool/shop-mail',
  '/var/www/etc',
  '/var/www/magento',
  ...['plugins', 'themes', 'uploads', 'languages', 'upgrade', 'upgrade-temp-backup', 'cache'].map(
    (name) => `${CONTENT}/${name}`,
  ),
];

const docker = createDockerClient(DOCKER_SOCKET);
const signal = AbortSignal.timeout(30 * MINUTE);
const silent = (): void => undefined;
let image: string;

beforeAll(async () => {
  const { images } = openImages();
  await images.prepare(['wordpress'], signal);
  image = await buildImage(
    docker,
    {
      name: 'php tests',
      files: [
        ...(await readContext(`${packageRoot()}/test/php`)),
        ...(await magentoFiles()),
        { path: 'timezones.json', mode: 0o644, content: Buffer.from(JSON.stringify(TIMEZONES)) },
      ],
      extras: [],
      buildArgs: { BASE: await images.idOf('wordpress', signal) },
      labels: { 'shophosting.test': '1' },
      // The tag keeps the layer with PHPUnit for the next time.
      tag: 'shophosting/test-php:latest',
      onStep: silent,
    },
    signal,
  );
}, 20 * MINUTE);

/** The Magento image's PHP where the tests look for it, laid out as in the image; most of it needs no Magento. */
async function magentoFiles(): Promise<ContextFile[]> {
  const files = await readContext(`${packageRoot()}/images/magento`);
  return files
    .filter(({ path }) => /^(?:(?:lib|shared|commands|build)\/.*\.php|php\/.*\.ini)$/.test(path))
    .map((file) => ({ ...file, path: `shop/${file.path.replace(/^(?:lib|shared)\//, '')}` }));
}

let container: string | undefined;
afterAll(async () => {
  if (container !== undefined) await docker.getContainer(container).remove({ force: true, v: true });
});

test(
  'object cache, sendmail, both installers and mu-plugins keep their promises (PHPUnit in the web image)',
  async () => {
    const owned = `uid=${UID},gid=${UID}`;
    const created = await docker.createContainer({
      Image: image,
      User: `${UID}:${UID}`,
      Labels: { 'shophosting.test': '1' },
      // One plain stream instead of two framed ones.
      Tty: true,
      HostConfig: {
        CapDrop: ['ALL'],
        SecurityOpt: ['no-new-privileges'],
        ReadonlyRootfs: true,
        Memory: GIGABYTE,
        NetworkMode: 'none',
        Tmpfs: { '/tmp': 'mode=1777', ...Object.fromEntries(WRITABLE.map((folder) => [folder, owned])) },
      },
    });
    container = created.id;
    await created.start();
    const { StatusCode: code } = await created.wait();
    const output = (await created.logs({ stdout: true, stderr: true, follow: false })).toString('utf8');

    if (code !== 0) throw new Error(`PHPUnit ended with ${code}:\n${output}`);
    expect(output.match(/OK \(\d+ tests/g)).toHaveLength(2);
  },
  RUN_WITHIN_MS,
);
