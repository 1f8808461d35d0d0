import { isIP, isIPv4, isIPv6 } from 'node:net';
import { isAbsolute } from 'node:path';
import { z } from 'zod';

/** How each kind of setting is read from text. Messages finish the sentence "NAME …". */

const MAX_PORT = 65_535;

export const text = z.string();

/** Keys of before, newest first, parted by spaces or line ends, so that a file has one a line. */
export const formerKeys = z.string().transform((value) => value.split(/\s+/).filter((key) => key !== ''));

export const port = z
  .string()
  .regex(/^\d{1,5}$/, 'must be a port number')
  .transform(Number)
  .refine((value) => value >= 1 && value <= MAX_PORT, 'must be a port number from 1 to 65535');

export const sha256 = z
  .string()
  .transform((value) => value.trim().toLowerCase())
  .refine((value) => /^[0-9a-f]{64}$/.test(value), 'must be a sha256: 64 hexadecimal digits');

export const count = z
  .string()
  .regex(/^\d{1,6}$/, 'must be a whole number')
  .transform(Number)
  .refine((value) => value >= 1, 'must be at least 1');

/** Zero is none at all. */
export const megabytes = z
  .string()
  .regex(/^\d{1,6}$/, 'must be a whole number of megabytes')
  .transform(Number);

/** As `count`, and none at all. */
export const countOrNone = z
  .string()
  .regex(/^\d{1,6}$/, 'must be a whole number')
  .transform(Number);

export const folder = z
  .string()
  .refine((value) => isAbsolute(value), 'must be an absolute path')
  .refine((value) => !/[\0\r\n:]/.test(value), 'must not hold a colon or a line break')
  .transform((value) => (value.length > 1 ? value.replace(/\/+$/, '') : value))
  .refine((value) => value !== '' && value !== '/', 'must not be the root of the file system');

export const file = z
  .string()
  .refine((value) => isAbsolute(value), 'must be an absolute path')
  .refine((value) => !/[\0\r\n]/.test(value), 'must be one line');

/** certbot hands it to a shell, so it may hold nothing that a shell would read otherwise. */
export const hookFile = file.refine(
  (value) => /^[\w./+@-]+$/.test(value),
  'may hold letters, digits and . / _ + @ - only',
);

const HOSTNAME = /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$/;

export const hostname = z
  .string()
  .transform((value) => value.trim().toLowerCase().replace(/\.$/, ''))
  .refine((value) => HOSTNAME.test(value), 'must be a host name such as shops.example.net');

export const listenAddress = z.union([z.ipv4(), z.ipv6()], 'must be an IP address such as 127.0.0.1 or 0.0.0.0');

/** `9.9.9.9,[2620:fe::fe]:53` → each as the resolver takes it. */
export const dnsServers = z
  .string()
  .transform(listOf)
  .refine((parts) => parts.length > 0 && parts.every(isServer), 'must be addresses such as 9.9.9.9 or 127.0.0.1:5353');

export const addresses = z
  .string()
  .transform(listOf)
  .refine((parts) => parts.length > 0 && parts.every((part) => isIP(part) !== 0), 'must be IP addresses');

function isServer(text: string): boolean {
  const [, inBrackets, v4] = /^(?:\[([^\]]+)\]|([^:]+))(?::\d{1,5})?$/.exec(text) ?? [];
  return isIP(text) !== 0 || (inBrackets !== undefined && isIPv6(inBrackets)) || (v4 !== undefined && isIPv4(v4));
}

/** Where an authority describes itself; only over https, since it is told whom we are. */
export const acmeDirectory = z
  .url('must be a URL')
  .refine((value) => value.startsWith('https://'), 'must start with https://');

export const webUrl = z
  .string()
  .transform((value, context) => {
    if (!URL.canParse(value)) {
      context.addIssue({ code: 'custom', message: 'must be a URL such as https://panel.example.com' });
      return z.NEVER;
    }
    return new URL(value);
  })
  .refine((url) => url.protocol === 'https:' || url.protocol === 'http:', 'must start with https://')
  .refine((url) => url.pathname === '/' && url.search === '' && url.hash === '', 'must not have a path');

/** MySQL's identifiers, without anything that would need quoting. */
export const databaseIdentifier = z
  .string()
  .regex(/^[A-Za-z0-9_]{1,24}$/, 'may hold letters, digits and _ only, 24 at most');

/** `512m`, `1g`, `2048` (MiB) → MiB. */
export const memory = z
  .string()
  .regex(/^\d+(\.\d+)?\s*(m|mb|mib|g|gb|gib)?$/i, 'must be an amount such as 512m or 1g')
  .transform((value) => Math.round(Number.parseFloat(value) * (/g/i.test(value) ? 1024 : 1)))
  .refine((mib) => mib >= 256, 'must be at least 256m: a shop does not start with less');

/** `1`, `0.5` → thousandths of a core. */
export const cpu = z
  .string()
  .regex(/^\d+(\.\d+)?$/, 'must be a number of cores such as 1 or 0.5')
  .transform((value) => Math.round(Number.parseFloat(value) * 1000))
  .refine((millis) => millis >= 100, 'must be at least 0.1');

export const country = z
  .string()
  .regex(/^[A-Z]{2}(:[A-Z0-9]{1,3})?$/, 'must be two capital letters such as DE, or with a state US:CA');

export const currency = z.string().regex(/^[A-Z]{3}$/, 'must be three capital letters such as EUR');

/** One that this Node knows, which is what PHP knows. */
export const timezone = z
  .string()
  .refine((name) => name === 'UTC' || Intl.supportedValuesOf('timeZone').includes(name), 'must be like Europe/Berlin');

/** A block to cut the stores' networks from, e.g. `10.210.0.0/16`. */
export const cidr = z
  .string()
  .refine((value) => isAlignedBlock(value), 'must be an IPv4 block from /8 to /24 such as 10.210.0.0/16');

function isAlignedBlock(value: string): boolean {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(value);
  if (match === null) return false;
  const [a = 0, b = 0, c = 0, d = 0, prefix = 0] = match.slice(1).map(Number);
  if ([a, b, c, d].some((octet) => octet > 255) || prefix < 8 || prefix > 24) return false;
  const address = ((a << 24) | (b << 16) | (c << 8) | d) >>> 0;
  return address % 2 ** (32 - prefix) === 0;
}

/** `200000-265535`, or only the first one. */
export const uidRange = z
  .string()
  .regex(/^\d+(-\d+)?$/, 'must be a range of user ids such as 200000-265535')
  .transform((value) => {
    const [start = 0, end] = value.split('-').map(Number);
    return { start, end: end ?? start + 65_535 };
  })
  .refine(({ start }) => start >= 10_000, "must start at 10000 or above: lower ids belong to the machine's own users")
  .refine(({ start, end }) => end >= start && end < 2 ** 31, 'must end above its start');

const LOCALE = /^[a-z]{2,3}(_[A-Z][a-z]{3})?_[A-Z]{2}$/;

/** `de_DE` */
export const locale = z.string().regex(LOCALE, 'must be a locale such as de_DE');

/** `en_US,de_DE` → each once, in the order given; English is always there, since the administration needs it. */
export const locales = z
  .string()
  .transform((value) => [...new Set(['en_US', ...listOf(value)])])
  .refine((parts) => parts.every((part) => LOCALE.test(part)), 'must be locales such as en_US,de_DE');

const MAGENTO_SERVICES = ['queue', 'varnish'] as const;

/** `queue,varnish`, or nothing. */
export const magentoServices = z.string().transform((value, context) => {
  const wanted = listOf(value);
  if (wanted.some((part) => !MAGENTO_SERVICES.some((known) => known === part))) {
    context.addIssue({ code: 'custom', message: `may hold ${MAGENTO_SERVICES.join(' and ')} only` });
    return z.NEVER;
  }
  return MAGENTO_SERVICES.filter((known) => wanted.includes(known));
});

function listOf(value: string): string[] {
  return value
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

export const flag = z
  .string()
  .transform((value) => value.toLowerCase())
  .refine((value) => ['1', '0', 'true', 'false', 'yes', 'no'].includes(value), 'must be 1 or 0')
  .transform((value) => ['1', 'true', 'yes'].includes(value));

/** `DOCKER_HOST`: only a socket of this machine; the engine's rights are root's. */
export const dockerSocket = z
  .string()
  .regex(/^unix:\/\/\/.+$/, 'must name a socket of this machine (unix:///…): the stores live where the engine is')
  .transform((value) => value.slice('unix://'.length));

export const mailAddress = z
  .string()
  .refine(
    (value) => /^[^\r\n]*[^\s@<>]+@[^\s@<>]+>?$/.test(value),
    'must be a mail address, with or without a name before it',
  )
  .refine((value) => !/[\r\n]/.test(value), 'must be one line');

/** The address of any page, told to browsers as it is. */
export const pageUrl = z.url({ protocol: /^https?$/, error: 'must be a URL such as https://example.com/terms' });

/** An address alone, as an authority wants it. */
export const plainMailAddress = z.email('must be a mail address without a name before it');
