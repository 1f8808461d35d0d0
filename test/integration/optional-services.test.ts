import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createDockerClient } from '../../src/adapters/docker/docker-client.ts';
import { limitsOf } from '../../src/domain/limits.ts';
import { FIRST_PLANS } from '../../src/domain/plans.ts';
import { MINUTE } from '../../src/lib/time.ts';
import { magento } from '../../src/stacks/magento.ts';
import { openImages } from '../setup/open-images.ts';
import { DOCKER_SOCKET } from '../setup/places.ts';
import { createRoom, exitCodeOf, isHealthy, logOf, run, UID, untilHealthy } from './as-in-a-store.ts';

const docker = createDockerClient(DOCKER_SOCKET);
const { places, start, removeContainers, removeFolders } = createRoom();
const tmpfs = (rights: string) => ({ '/tmp': 'noexec,size=16m,mode=1777', ...mine(rights) });
const mine = (rights: string) =>
  Object.fromEntries(
    rights.split(' ').map((pair) => {
      const [path = '', right = ''] = pair.split(':');
      return [path, `${right},size=16m,mode=0700,uid=${UID},gid=${UID}`];
    }),
  );

/** What the service gets in the smallest plan that Magento can have. */
function leastMemoryOf(service: 'queue' | 'varnish'): number {
  const plan = FIRST_PLANS.find(({ memoryMb }) => memoryMb === magento.leastMemoryMb);
  const facts = magento.services[service];
  if (plan === undefined || facts === undefined) throw new Error(`Magento has no ${service}`);
  return limitsOf(plan, facts, 1).memoryBytes;
}

let images: Readonly<Record<string, string>>;
beforeAll(async () => {
  const { images: store } = openImages();
  const prepared = await store.prepare(['rabbitmq', 'varnish'], AbortSignal.timeout(8 * MINUTE));
  images = Object.fromEntries(prepared.map(({ name, id }) => [name, id]));
}, 9 * MINUTE);
afterEach(removeContainers);
afterAll(removeFolders);

describe('RabbitMQ', () => {
  const startQueue = (at: { data: string; secrets: string }): Promise<string> =>
    start(images['rabbitmq'] ?? '', {
      binds: [`${at.data}:/var/lib/rabbitmq`, `${at.secrets}:/run/secrets/shop:ro`],
      tmpfs: tmpfs('/run/rabbitmq:noexec'),
      memory: leastMemoryOf('queue'),
      pids: 256,
    });

  it('runs as any user within its part of the smallest plan, starts again with what it had, and stops cleanly', async () => {
    const at = await places({ 'queue-password': 'QUEUESECRET1' });
    const first = await startQueue(at);
    await untilHealthy(first);
    await docker.getContainer(first).kill();
    const second = await startQueue(at);
    await untilHealthy(second);
    const seen = await run(second, ['sh', '-c', 'cat /proc/[0-9]*/cmdline /proc/[0-9]*/environ | tr "\\0" " "']);
    await docker.getContainer(second).stop({ t: 30 });

    expect(seen.output).toContain('rabbit');
    expect(seen.output).not.toContain('QUEUESECRET1');
    expect(await exitCodeOf(second)).toBe(0);
  });

  it('says in its log what is missing, and ends', async () => {
    const id = await startQueue(await places({}));

    expect(await exitCodeOf(id)).toBe(64);
    expect(await logOf(id)).toMatch(/secret .*queue-password cannot be read by user id 200777/);
  });
});

/** A shop in the same container, on the port that Varnish asks: counts its answers, and says who may keep them. */
const SHOP = String.raw`
use IO::Socket::INET;
my $door = IO::Socket::INET->new(LocalAddr => '127.0.0.1', LocalPort => 8082, Listen => 50, ReuseAddr => 1) or die;
my $asked = 0;
while (my $visitor = $door->accept) {
  my ($line, $head) = (scalar <$visitor>, '');
  while (my $next = <$visitor>) { last if $next =~ /^\r?$/; $head .= $next; }
  my ($path) = $line =~ /^\w+ (\S+)/;
  $asked++;
  my $body = "asked $asked";
  my $for = $path =~ /^\/mine/ ? 'private, no-store' : 'public, max-age=300';
  my $vary = $path =~ /^\/join/ ? "Set-Cookie: X-Magento-Vary=gold; path=/\r\n" : '';
  print $visitor "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nCache-Control: $for\r\nX-Magento-Tags: cat_p_1,cat_p_12\r\n"
    . "Set-Cookie: session=somebody; path=/\r\n" . $vary . "Content-Length: " . length($body) . "\r\nConnection: close\r\n\r\n$body";
  close $visitor;
}`;
/** Ends when something listens on 8082, as the kernel writes it. */
const LISTENS = 'until grep -q ":1F92 .* 0A " /proc/net/tcp; do sleep 0.02; done';
const VISITOR = String.raw`
use IO::Socket::INET;
my ($method, $path, @headers) = @ARGV;
my $line = IO::Socket::INET->new('127.0.0.1:8080') or die;
print $line join("\r\n", "$method $path HTTP/1.1", 'Host: shop', 'Connection: close', @headers, '', '');
print while <$line>;`;

describe('Varnish', () => {
  const startVarnish = (): Promise<string> =>
    start(images['varnish'] ?? '', {
      env: ['WEB_HOST=127.0.0.1'],
      tmpfs: tmpfs('/run/varnish:exec'),
      memory: leastMemoryOf('varnish'),
      pids: 256,
    });

  it('runs as any user within its part of the smallest plan, and stops cleanly', async () => {
    const id = await startVarnish();
    await untilHealthy(id);
    await docker.getContainer(id).stop({ t: 20 });

    expect(await exitCodeOf(id)).toBe(0);
  });

  it('is ill when it is frozen', async () => {
    const id = await startVarnish();
    await untilHealthy(id);
    await run(id, [
      'sh',
      '-c',
      'for p in /proc/[0-9]*; do grep -q cache-main "$p/comm" && kill -STOP "${p#/proc/}"; done; true',
    ]);

    expect(await isHealthy(id)).toBe(false);
  });

  it('keeps what is for all, nothing of anybody, and throws out what the shop names', async () => {
    const id = await startVarnish();
    await untilHealthy(id);
    await run(id, ['sh', '-c', `perl -e "$1" >/dev/null 2>&1 & ${LISTENS}`, 'sh', SHOP]);
    const ask = async (path: string, headers: readonly string[] = [], method = 'GET'): Promise<string> =>
      (await run(id, ['perl', '-e', VISITOR, method, path, ...headers])).output;
    const asked = (answer: string): number => Number(/asked (\d+)/.exec(answer)?.[1]);

    const first = await ask('/product');
    const again = await ask('/product?utm_source=mail', ['Cookie: session=somebody-else']);
    expect(asked(again)).toBe(asked(first));
    expect(again).toContain('X-Cache: HIT');
    expect(first + again).not.toMatch(/Set-Cookie|X-Magento-Tags/);

    // Whoever sees other prices has a page of his own.
    expect(asked(await ask('/product', ['Cookie: X-Magento-Vary=gold']))).toBeGreaterThan(asked(first));
    // An answer that makes somebody a member is not kept for those who are none.
    expect(asked(await ask('/join'))).toBeLessThan(asked(await ask('/join')));
    expect(asked(await ask('/mine'))).toBeLessThan(asked(await ask('/mine')));
    expect(asked(await ask('/checkout/cart'))).toBeLessThan(asked(await ask('/checkout/cart')));
    const posted = await ask('/product', ['Content-Length: 0'], 'POST');
    expect(asked(posted)).toBeGreaterThan(asked(first));
    expect(await ask('/mine')).toContain('Set-Cookie: session=somebody');

    expect(await ask('/product', ['X-Magento-Tags-Pattern: (^|,)cat_p_2(,|$)'], 'PURGE')).toContain('200 purged');
    expect(asked(await ask('/product'))).toBe(asked(first));
    // As the shop's own door hands a visitor on.
    const visitor = ['X-Real-IP: 198.51.100.7', 'X-Magento-Tags-Pattern: (^|,)cat_p_12(,|$)'];
    expect(await ask('/product', visitor, 'PURGE')).toContain('405');
    expect(asked(await ask('/product'))).toBe(asked(first));
    expect(await ask('/product', ['X-Magento-Tags-Pattern: (^|,)cat_p_12(,|$)'], 'PURGE')).toContain('200 purged');
    expect(asked(await ask('/product'))).toBeGreaterThan(asked(posted));
    expect(await ask('/product', [], 'PURGE')).toContain('400');
  });
});
