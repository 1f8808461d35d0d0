import { createHash } from 'node:crypto';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { simpleParser } from 'mailparser';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPhpLimitFiles } from '../../src/adapters/filesystem/php-limit-files.ts';
import { directoryOf } from '../../src/domain/names.ts';
import { USUAL_PHP_LIMITS } from '../../src/domain/php-limits.ts';
import { MINUTE } from '../../src/lib/time.ts';
import { aStore } from '../fakes/fake-world.ts';
import { searchStandInImage } from '../services/search-stand-in.ts';
import { openImages } from '../setup/open-images.ts';
import { createRoom, isHealthy, MEGABYTE, run, UID, untilHealthy } from './as-in-a-store.ts';

/** What only a real Magento can say of the commands in its image. */
const { docker, artifacts, images } = openImages();
const { places, start, removeContainers, removeFolders } = createRoom();
const OWNER = { username: 'owner', password: 'first-password-1', email: 'owner@shop.example' };
const ADDRESS = 'https://shop.example/';
const ADMIN = '/admin_abcdefgh/';
const HOST = new URL(ADDRESS).host;
/** What it is wished to be, none of it as Magento comes. */
const INSTALLATION = {
  url: ADDRESS,
  title: 'Shop',
  platform: 'magento',
  adminPath: ADMIN,
  adminUsername: OWNER.username,
  adminEmail: OWNER.email,
  adminPassword: OWNER.password,
  country: 'GB',
  currency: 'GBP',
  timezone: 'Europe/London',
};
/** As the platform makes one before anybody wants it. */
const FOR_NOBODY = { platform: 'magento', forNobody: true };
const store = aStore({ platform: 'magento', uid: UID });

/** What a start of the container does with the shop's env.php. */
const AS_AT_A_START = "require '/usr/local/lib/shop/facts.php'; write_environment(shop_facts());";

/** Prints with which status a path of the shop is answered; 0 when it is not within a minute. */
const STATUS_OF = String.raw`
$curl = curl_init('http://127.0.0.1:8080' . $argv[1]);
curl_setopt_array($curl, [CURLOPT_RETURNTRANSFER => true, CURLOPT_TIMEOUT => 60, CURLOPT_HTTPHEADER => ['Host: ' . $argv[2]]]);
curl_exec($curl);
echo curl_getinfo($curl, CURLINFO_RESPONSE_CODE);`;

/** Prints how visits from another address than the shop's own are answered: [status, head, body] of each, as JSON. */
const VISITS = String.raw`
echo json_encode(array_map(static function (array $visit): array {
    [$method, $path, $headers, $body] = $visit + [2 => [], 3 => null];
    $curl = curl_init('http://127.0.0.1:8080' . $path);
    curl_setopt_array($curl, [CURLOPT_CUSTOMREQUEST => $method, CURLOPT_INTERFACE => '127.0.0.2', CURLOPT_RETURNTRANSFER => true,
        CURLOPT_HEADER => true, CURLOPT_TIMEOUT => 60, CURLOPT_HTTPHEADER => [...$headers, 'Host: shop.example'], CURLOPT_PATH_AS_IS => true]);
    $body === null || curl_setopt($curl, CURLOPT_POSTFIELDS, $body);
    [$head, $page] = explode("\r\n\r\n", (string) curl_exec($curl), 2) + ['', ''];
    return [curl_getinfo($curl, CURLINFO_RESPONSE_CODE), $head, $page];
}, json_decode($argv[1], true)), JSON_INVALID_UTF8_SUBSTITUTE);`;

/** Prints what the search engine answers. */
const ASK_ENGINE = String.raw`
$options = ['http' => ['method' => $argv[1], 'ignore_errors' => true]];
echo file_get_contents('http://127.0.0.1:9200' . $argv[2], false, stream_context_create($options));`;

/** Prints where Magento would ask for its maker's news. */
const NEWS = String.raw`
require '/usr/local/lib/shop/commands/command.php';
echo magento()->get(Magento\AdminNotification\Model\Feed::class)->getFeedUrl();`;

/** Prints how many of thirty tries at a path are told to slow down. */
const TOO_MANY_OF = String.raw`
$multi = curl_multi_init();
for ($n = 0, $all = []; $n < 30; $n++) {
    curl_multi_add_handle($multi, $all[] = $curl = curl_init('http://127.0.0.1:8080' . $argv[1]));
    curl_setopt_array($curl, [CURLOPT_RETURNTRANSFER => true, CURLOPT_TIMEOUT => 60, CURLOPT_POSTFIELDS => 'login=x', CURLOPT_PATH_AS_IS => true]);
}
do { curl_multi_exec($multi, $running); $running && curl_multi_select($multi); } while ($running);
echo count(array_filter($all, fn ($curl) => curl_getinfo($curl, CURLINFO_RESPONSE_CODE) === 429));`;

const archive = await artifacts.find('magento');
const words =
  archive === undefined ? 'skipped: no archive of a Magento project is in ARTIFACTS_DIR' : 'search stand-in';

describe.skipIf(archive === undefined)(`Commands of a Magento shop (${words})`, () => {
  let web: string;
  let database: string;
  let cache: string;
  /** What the installation answered as nobody's shop, and when it was handed over. */
  let installed: unknown;
  let handedOver: unknown;
  /** What there was in between. */
  let accountsOfNobody: string[];
  let environmentsOfNobody: string[];
  let search: string;
  let customersDir: string;

  const mine = (...folders: readonly string[]): Record<string, string> =>
    Object.fromEntries([['/tmp', 'mode=1777'], ...folders.map((path) => [path, `uid=${UID},gid=${UID}`])]);
  const ask = async (command: string, input: object): Promise<unknown> => {
    const { exitCode, output } = await run(web, [`/usr/local/bin/${command}`], JSON.stringify(input));
    if (exitCode !== 0) throw new Error(`${command} ended with ${exitCode}: ${output.slice(-2000)}`);
    return JSON.parse(output.trim().split('\n').at(-1) ?? '');
  };
  const resetAdmin = (changes: Partial<typeof OWNER> = {}): Promise<unknown> =>
    ask('shop-reset-admin', { ...OWNER, ...changes });
  /** Rows as mariadb prints them: columns by tabs. */
  const query = async (sql: string): Promise<string[]> => {
    const client = ['mariadb', '--defaults-file=/run/mysqld/health.cnf', '--batch', '--skip-column-names'];
    const { output } = await run(database, [...client, 'shop'], sql);
    return output.split('\n').filter((line) => line !== '');
  };

  type Visit = readonly [method: string, path: string, headers?: readonly string[], body?: string];
  /** As visitors come: the shop trusts its own address. */
  const visit = async (...visits: readonly Visit[]): Promise<[status: number, head: string, body: string][]> =>
    JSON.parse((await run(web, ['php', '-r', VISITS, JSON.stringify(visits)])).output);

  beforeAll(async () => {
    const signal = AbortSignal.timeout(20 * MINUTE);
    // A moment where they are there; many minutes where something of them has changed.
    await images.prepare(['redis', 'mariadb', 'magento'], signal);
    const at = await places({
      'db-password': 'databasepassword',
      'db-root-password': 'rootpassword',
      'application-key': '0123456789abcdef0123456789abcdef',
    });
    customersDir = await mkdtemp(join(tmpdir(), 'magento-shop-'));
    await chmod(customersDir, 0o755);
    await createPhpLimitFiles({ customersDir }).write(store, undefined);
    const settings = `${join(customersDir, directoryOf(store), 'settings', 'web')}:/run/settings/shop:ro`;
    const secrets = `${at.secrets}:/run/secrets/shop:ro`;
    const env = ['DB_NAME=shop', 'DB_USER=shop'];
    // All on one loopback: nothing of it is on a network.
    database = await start(await images.idOf('mariadb', signal), {
      env,
      binds: [secrets, `${at.data}:/var/lib/mysql`],
      tmpfs: mine('/run/mysqld'),
    });
    const beside = { network: `container:${database}` };
    cache = await start(await images.idOf('redis', signal), beside);
    search = await start(await searchStandInImage(docker, signal), {
      ...beside,
      tmpfs: mine('/run/search', '/var/lib/search'),
    });
    web = await start(await images.idOf('magento', signal), {
      ...beside,
      env: [...env, ...['DB', 'CACHE', 'SESSIONS', 'SEARCH'].map((service) => `${service}_HOST=127.0.0.1`)],
      binds: [secrets, settings],
      tmpfs: mine(
        ...['/run/shop', '/var/tmp', '/var/www/etc', '/var/spool/shop-mail'],
        ...['/var/www/magento/var', '/var/www/magento/pub/media'],
      ),
      memory: 1024 * MEGABYTE,
    });
    await untilHealthy(web);
    installed = await ask('shop-install', FOR_NOBODY);
    // What is looked at of a shop that waits, and what it says.
    const environment = async (): Promise<string> =>
      (await run(web, ['bash', '-c', 'stat -c "%i %z %a" /var/www/etc/* && cat /var/www/etc/env.php'])).output;
    environmentsOfNobody = [await environment()];
    await run(web, ['php', '-r', AS_AT_A_START]);
    environmentsOfNobody.push(await environment());
    accountsOfNobody = await query('SELECT username FROM admin_user');
    handedOver = await ask('shop-install', INSTALLATION);
  }, 22 * MINUTE);
  afterAll(async () => {
    await removeContainers();
    await removeFolders();
    await rm(customersDir, { recursive: true, force: true });
  });

  it('what one request may take holds for its pages at once, with fewer workers for more memory, and is told', async () => {
    const usual = USUAL_PHP_LIMITS.magento;
    expect(await ask('shop-php-limits', {})).toEqual({ ...usual, phpWorkers: 6 });
    const wished = { phpMemory: 640, phpUpload: 128, phpSeconds: 180, phpInputVars: 20_000 };
    await createPhpLimitFiles({ customersDir }).write(store, wished);

    expect(await ask('shop-php-limits', {})).toEqual({ ...wished, phpWorkers: 4 });
    expect(await ask('shop-configure', {})).toMatchObject({ php: { ...wished, phpWorkers: 4 } });
  });

  it('one that is nobody’s has no account, and its files stay as they are when it starts again', async () => {
    expect(installed).toMatchObject({ installed: true, first: true, versions: { magento: expect.any(String) } });
    expect(accountsOfNobody).toEqual([]);
    const [before, after] = environmentsOfNobody;
    expect(after).toBe(before);
    expect(before).toContain("'frontName' => 'nobody'");

    // By now it is somebody's.
    const { exitCode, output } = await run(web, ['/usr/local/bin/shop-install'], JSON.stringify(FOR_NOBODY));
    expect([exitCode, output]).toEqual([1, expect.stringContaining('nothing was changed')]);
  });

  it('a new shop is set as it was wished, updates its indexes by its clock, and tells its maker nothing', async () => {
    expect(handedOver).toMatchObject({
      first: true,
      settings: { title: 'Shop', country: 'GB', currency: 'GBP', timezone: 'Europe/London', locale: 'en_US' },
    });
    expect(await query('SELECT username FROM admin_user')).toEqual([OWNER.username]);
    expect(await ask('shop-install', INSTALLATION)).toMatchObject({ first: false });
    const rows = await query("SELECT path, value FROM core_config_data WHERE scope = 'default'");
    const settings = Object.fromEntries(rows.map((row) => row.split('\t')));
    expect(settings).toMatchObject({
      'currency/options/base': 'GBP',
      'currency/options/default': 'GBP',
      'currency/options/allow': 'GBP',
      'general/country/default': 'GB',
      'general/locale/code': 'en_US',
      'general/locale/timezone': 'Europe/London',
      'web/unsecure/base_url': ADDRESS,
      'web/secure/base_url': ADDRESS,
      'web/secure/use_in_frontend': '1',
      'web/secure/use_in_adminhtml': '1',
      'analytics/subscription/enabled': '0',
      'admin/usage/enabled': '0',
    });
    const { output: modes } = await run(web, ['magento', 'indexer:show-mode']);
    const ofEach = modes.split('\n').filter((line) => line.includes(':'));
    expect(ofEach.length).toBeGreaterThan(5);
    expect(ofEach.filter((line) => !line.includes('Update by Schedule'))).toEqual([]);

    // It would sign up for reports by itself, whatever is enabled.
    expect(Object.keys(settings).filter((path) => path.startsWith('crontab/default/jobs/analytics'))).toEqual([]);
    expect(await query("SELECT flag_code FROM flag WHERE flag_code LIKE 'analytics%'")).toEqual([]);
    expect((await run(web, ['php', '-r', NEWS])).output).toBe('https://');
  });

  it('its clock stands still in a pause, and goes round after it', async () => {
    await ask('shop-pause', { paused: true });
    expect(await ask('shop-cron', {})).toEqual({ ran: false });
    expect(await query('SELECT job_code FROM cron_schedule LIMIT 1')).toEqual([]);
    await ask('shop-pause', { paused: false });

    expect(await ask('shop-cron', {})).toEqual({ ran: true });
    const planned = await query('SELECT DISTINCT job_code FROM cron_schedule');
    expect(planned).toContain('indexer_reindex_all_invalid');
    expect(planned.filter((job) => job.startsWith('analytics'))).toEqual([]);
  });

  it('a cache that is switched off, or on again, is so for the next visitor', async () => {
    const redis = async (...command: string[]): Promise<string> =>
      (await run(cache, ['redis-cli', '-n', '1', ...command])).output.trim();
    /** How many pages the cache holds after two visits, with nothing in it before. */
    const kept = async (): Promise<number> => {
      await redis('FLUSHDB');
      for (const _ of [1, 2]) expect((await run(web, ['php', '-r', STATUS_OF, '/', HOST])).output).toBe('200');
      return Number(await redis('DBSIZE'));
    };
    expect(await kept()).toBeGreaterThan(0);
    await run(web, ['magento', 'cache:disable', 'full_page']);
    expect(await kept()).toBe(0);
    await run(web, ['magento', 'cache:enable', 'full_page']);
    expect(await kept()).toBeGreaterThan(0);
  });

  it('its files come packed as the browser can read them, may be kept for a year, and need no PHP', async () => {
    const script = '/static/version1/frontend/Magento/luma/en_US/requirejs/require.js';
    const socket = '/run/shop/php-fpm.sock';
    const accepted = ['identity', 'gzip', 'gzip, deflate, br'];
    const move = async (from: string, to: string) => expect((await run(web, ['mv', from, to])).exitCode).toBe(0);
    await move(socket, `${socket}-away`);
    let answers: Awaited<ReturnType<typeof visit>>;
    try {
      const inEachWay = accepted.map((coding): Visit => ['GET', script, [`Accept-Encoding: ${coding}`]]);
      answers = await visit(['GET', '/'], ...inEachWay);
    } finally {
      await move(`${socket}-away`, socket);
    }
    const [page, ...files] = answers.map(([status, head]) => ({ status, head }));

    expect(page?.status).toBe(502);
    expect(files.map(({ status }) => status)).toEqual([200, 200, 200]);
    const codings = files.map(({ head }) => /^content-encoding: (\S+)/im.exec(head)?.[1]);
    expect(codings).toEqual([undefined, 'gzip', 'br']);
    for (const { head } of files) {
      expect(head).toMatch(/^vary: accept-encoding\r?$/im);
      expect(head).toMatch(/^cache-control: public, max-age=31536000, immutable\r?$/im);
    }
    expect((await visit(['GET', '/']))[0]?.[0]).toBe(200);
  });

  it('of uploads on their way only pictures are shown', async () => {
    const folder = '/var/www/magento/pub/media/tmp/catalog/product';
    await run(web, ['mkdir', '-p', folder]);
    const names = ['rose.png', 'rose.JPG', 'orders.csv', 'notes.txt', 'script.js', 'rose.png.svg', 'rose'];
    await run(web, ['touch', ...names.map((name) => `${folder}/${name}`)]);
    const answers = names.map(async (name) => {
      const { output } = await run(web, ['php', '-r', STATUS_OF, `/media/tmp/catalog/product/${name}`, HOST]);
      return [name, output] as const;
    });
    const shown = (await Promise.all(answers)).filter(([, status]) => status !== '404');
    expect(shown).toEqual([
      ['rose.png', '200'],
      ['rose.JPG', '200'],
    ]);
  });

  it('a second installation gives back a lost index, and keeps what its owner has set', async () => {
    const engine = async (method: string, path: string): Promise<Record<string, unknown>> =>
      JSON.parse((await run(web, ['php', '-r', ASK_ENGINE, method, path])).output);
    const title = 'As its owner calls it';
    await ask('shop-configure', { title });
    const accounts = 'SELECT username, password FROM admin_user';
    const before = await query(accounts);
    const indices = Object.keys(await engine('GET', '/_settings'));
    expect(indices).toEqual([expect.stringMatching(/^magento2_product_1/)]);
    for (const index of indices) await engine('DELETE', `/${index}`);
    expect(await isHealthy(web)).toBe(false);

    const again = { ...INSTALLATION, adminPassword: 'another-password-9', currency: 'CHF', timezone: 'UTC' };
    expect(await ask('shop-install', again)).toMatchObject({
      installed: true,
      first: false,
      settings: { title, currency: 'GBP', timezone: 'Europe/London' },
    });

    expect(await isHealthy(web)).toBe(true);
    expect(await engine('GET', '/magento2_product_1/_search')).toMatchObject({ hits: { hits: [] } });
    expect(await query(accounts)).toEqual(before);
  });

  it('an administrator who lost the role, is locked or signed in somewhere gets in again, alone', async () => {
    await query(`DELETE FROM authorization_role WHERE user_id = 1;
      UPDATE admin_user SET is_active = 0, lock_expires = '2100-01-01';
      INSERT INTO admin_user_session (session_id, user_id, status, ip) VALUES ('1', 1, 1, '198.51.100.7');`);

    expect(await resetAdmin({ password: 'second-password-2' })).toEqual({ username: OWNER.username });
    expect(await query('SELECT is_active, lock_expires FROM admin_user')).toEqual(['1\tNULL']);
    expect(await query('SELECT parent_id FROM authorization_role WHERE user_id = 1')).toEqual(['1']);
    expect(await query('SELECT status FROM admin_user_session WHERE status = 1')).toEqual([]);
  });

  it('an address that an account has already stands in nobody’s way', async () => {
    // The owner gave the account another name, and asks for the usual one.
    await query("UPDATE admin_user SET username = 'renamed'");
    await resetAdmin();
    expect(await query('SELECT username, email FROM admin_user')).toEqual([`${OWNER.username}\t${OWNER.email}`]);

    const other = { username: 'other', email: 'other@shop.example' };
    await resetAdmin(other);
    await resetAdmin({ ...other, email: OWNER.email, password: 'third-password-3' });
    // Whoever changed the address in the shop keeps it.
    await resetAdmin({ email: 'of-the-making@shop.example' });
    expect(await query('SELECT username, email FROM admin_user ORDER BY user_id')).toEqual([
      `${OWNER.username}\t${OWNER.email}`,
      `${other.username}\t${other.email}`,
    ]);
  });

  it('its indices have no copies, for which a single engine has no place', async () => {
    const { output } = await run(web, ['php', '-r', "echo file_get_contents('http://127.0.0.1:9200/_settings');"]);
    const copies = [...output.matchAll(/"number_of_replicas":"(\d+)"/g)].map(([, number]) => number);
    expect(copies).toEqual(['0']);
  });

  it('a search page comes to an end while the search engine is frozen, before it keeps a worker from others', async () => {
    const find = async (words: string): Promise<string> =>
      (await run(web, ['php', '-r', STATUS_OF, `/catalogsearch/result/?q=${words}`, HOST])).output;
    expect(await find('hat')).toBe('200');

    await docker.getContainer(search).pause();
    try {
      expect(await find('coat')).toBe('200');
    } finally {
      await docker.getContainer(search).unpause();
    }
  });

  it.each([
    '/customer/account/loginPost',
    '//customer/Account/loginpost/',
    '/cust%6fmer/account/loginPost',
    '/customer/ajax/login',
    '/rest/default/V1/integration/customer/token',
  ])('whoever tries passwords at %s is slowed down', async (path) => {
    expect(Number((await run(web, ['php', '-r', TOO_MANY_OF, path])).output)).toBeGreaterThan(5);
  });

  it('is set as wished, keeps what it was set to else, and writes a mail in its new name', async () => {
    const wish = { title: 'Tulips & more', timezone: 'Europe/Berlin', country: 'DE', currency: 'EUR' };
    const said = { ...wish, locale: 'en_US', maintenance: 'off', locales: ['en_US'] };
    expect(await ask('shop-configure', wish)).toMatchObject(said);
    expect(await ask('shop-configure', {})).toMatchObject(said);
    const allowed = "SELECT value FROM core_config_data WHERE path = 'currency/options/allow'";
    expect(await query(allowed)).toEqual(['GBP,EUR']);
    const { message } = (await ask('shop-trial-mail', { to: 'me@shop.example' })) as { message: string };
    const mail = await simpleParser(Buffer.from(message, 'base64'));
    expect(mail.from?.value).toEqual([{ name: wish.title, address: OWNER.email }]);
    expect([mail.to].flat().map((to) => to?.text)).toEqual(['me@shop.example']);
    expect(mail.html || mail.textAsHtml).toContain('Tulips &amp; more');
  });

  it('in maintenance visitors get the note, whatever they spell, and the administration is open', async () => {
    for (const _ of [1, 2])
      expect(await ask('shop-configure', { maintenance: 'on' })).toMatchObject({ maintenance: 'on' });
    // Magento's own switch is the platform's pause.
    await run(web, ['magento', 'maintenance:disable']);
    const closed: Visit[] = [
      ['GET', '/'],
      ['GET', '/customer/account/login/'],
      ['POST', '/rest/V1/guest-carts', [], ''],
      ['POST', '/graphql', ['Content-Type: application/json'], '{"query":"{storeConfig{id}}"}'],
      ['GET', '/index.php/checkout/'],
      ['GET', '/Admin_abcdefgh/'],
      ['GET', '/checkout/../admin_abcdefgh/'],
      ['GET', '/static/../checkout/'],
      ['GET', '/', [`Cookie: shophosting_look=${'0'.repeat(64)}`]],
      ['GET', '/', ['Cookie: shophosting_look=../../../etc/passwd']],
    ];
    const notes = await visit(...closed);
    expect(notes.map(([status]) => status)).toEqual(closed.map(() => 503));
    for (const [, head, body] of notes) {
      expect(head).toMatch(/^Retry-After: 300\r?$/im);
      expect(head).toMatch(/^Cache-Control: no-store\r?$/im);
      expect(body).toContain('Back in a moment');
    }
    const open = await visit(['GET', ADMIN], ['GET', '/static/deployed_version.txt'], ['GET', '/', ['X-Shop-Cron: 1']]);
    expect(open.map(([status]) => status)).toEqual([200, 200, 200]);
    await untilHealthy(web);

    // A pause closes all of it, for whoever posts too.
    await ask('shop-pause', { paused: true });
    const paused = await visit(['GET', ADMIN], ['POST', '/', ['X-Shop-Cron: 1'], 'x=1']);
    expect(paused.map(([status, head]) => [status, /retry-after: (\d+)/i.exec(head)?.[1]])).toEqual([
      [503, '30'],
      [503, '30'],
    ]);
    await ask('shop-pause', { paused: false });

    expect((await visit(['GET', '/']))[0]?.[0]).toBe(503);
    expect(await ask('shop-configure', { maintenance: 'off' })).toMatchObject({ maintenance: 'off' });
    expect((await visit(['GET', '/']))[0]?.[0]).toBe(200);
  });

  it('a link signs the administrator in once, without the second factor only where its owner has just proven who they are', async () => {
    await ask('shop-configure', { maintenance: 'on' });
    const place = (token: string, proven: boolean): Promise<unknown> =>
      ask('shop-admin-link', {
        username: OWNER.username,
        hash: createHash('sha256').update(token).digest('hex'),
        seconds: 60,
        proven,
      });
    /** What the browser gets for a token, and would send back. */
    const bring = async (token: string) => {
      const form = new URLSearchParams({ shophosting_admin_link: token }).toString();
      const [[status, head]] = (await visit([
        'POST',
        '/open-admin.php',
        ['Cookie: admin=chosen-by-somebody'],
        form,
      ])) as [[number, string, string]];
      const set = [...head.matchAll(/^set-cookie: (.+?)\r?$/gim)].map(([, cookie = '']) => cookie);
      const cookie = set.map((text) => text.split(';')[0]).join('; ');
      return { status, set, cookie, to: /^location: (.+?)\r?$/im.exec(head)?.[1] ?? '' };
    };
    const token = 'a'.repeat(43);
    expect(await place(token, true)).toEqual({ username: OWNER.username });

    const opened = await bring(token);
    expect([opened.status, opened.to]).toEqual([
      303,
      expect.stringMatching(/^https:\/\/shop\.example\/admin_abcdefgh\/admin\/dashboard\/index\/key\/\w{64}\/$/),
    ]);
    const session = opened.set.filter((cookie) => cookie.startsWith('admin='));
    expect(session).toEqual([
      expect.stringMatching(
        /^admin=\w+; .*path=\/admin_abcdefgh; domain=shop\.example; secure; HttpOnly; SameSite=Lax$/i,
      ),
    ]);
    expect(session.join()).not.toContain('chosen-by-somebody');
    const dashboard = async ({ to, cookie }: { to: string; cookie: string }) =>
      (await visit(['GET', new URL(to).pathname, [`Cookie: ${cookie}`]], ['GET', '/', [`Cookie: ${cookie}`]])) as [
        [number, string, string],
        [number, string, string],
      ];
    const [page, shop] = await dashboard(opened);
    expect([page[0], page[2], shop[0]]).toEqual([200, expect.stringContaining('<title>Dashboard'), 200]);
    expect(await query('SELECT COUNT(*) FROM admin_user_session WHERE status = 1 AND user_id = 1')).toEqual(['1']);
    expect(await bring(token)).toMatchObject({ status: 403, set: [] });

    // A program's link: the administration asks for the rest.
    await place('b'.repeat(43), false);
    const asked = await bring('b'.repeat(43));
    expect(asked.status).toBe(303);
    const [[status, head]] = await dashboard(asked);
    expect([status, head]).toEqual([302, expect.stringContaining('/tfa/tfa/')]);

    // A new password ends what was opened before.
    await resetAdmin({ password: 'fourth-password-4' });
    const [after] = await dashboard(opened);
    expect([after[0], after[1]]).toEqual([302, expect.stringContaining('/admin/auth/login/')]);
    await ask('shop-admin-link', { revoke: true });
    expect((await dashboard(opened))[1][0]).toBe(503);
    await ask('shop-configure', { maintenance: 'off' });
  });

  it('another address is taken by store views, too, where theirs is below the shop’s', async () => {
    await query(`INSERT INTO core_config_data (scope, scope_id, path, value) VALUES
      ('stores', 1, 'web/secure/base_url', '${ADDRESS}de/'),
      ('websites', 1, 'web/secure/base_link_url', 'https://of-its-own.example/');`);

    expect(await ask('shop-set-url', { url: 'https://moved.example' })).toEqual({ url: 'https://moved.example/' });
    const paths = "path IN ('web/secure/base_url', 'web/secure/base_link_url')";
    expect(await query(`SELECT scope, value FROM core_config_data WHERE ${paths} ORDER BY scope`)).toEqual([
      'default\thttps://moved.example/',
      'stores\thttps://moved.example/de/',
      'websites\thttps://of-its-own.example/',
    ]);
  });
});
