import { PHP_LINES, phpLineFor } from '../../../domain/php-lines.ts';
import type { ImageName } from '../../../stacks/stack.ts';
import type { ApplicationFacts } from '../../artifacts/application-facts.ts';
import type { ApplicationName } from '../../artifacts/catalogue.ts';

/** What images stand on. */
export type BaseName = 'trixie' | 'bookworm' | 'sid';

export interface Base {
  readonly suite: BaseName;
  /** The same thing where a registry answers. */
  readonly pull: string;
  /** `{archive}` and `{security}` are the machine's own. */
  readonly sources: readonly string[];
  readonly aptOptions: readonly string[];
}

/** What an image is built on and what must come out. */
export interface Foundation {
  readonly base: BaseName;
  /** The version each part must begin with. Newer builds of a line come by themselves, another line never does. */
  readonly line: Readonly<Record<string, string>>;
  /** Handed to the Dockerfile besides `BASE`. */
  readonly buildArgs?: Readonly<Record<string, string>>;
}

export interface ReleaseLine {
  /** The same for every build, or by what the applications inside ask for. */
  readonly on: Foundation | ((facts: ApplicationFacts) => Foundation);
  /**
   * Put into the build context as `artifacts/NAME/` (a tree) or `artifacts/NAME.phar`. Of several names the first one
   * that is here; where none is, the first is fetched.
   */
  readonly artifacts: readonly {
    readonly names: readonly [ApplicationName, ...ApplicationName[]];
    readonly form: 'tree' | 'phar';
  }[];
  /** The setting that names somebody else's image instead. */
  readonly setting: string;
}

/** Debian's releases by the PHP they carry: an application gets the newest one it accepts. */
const PHP_BASES: Readonly<Record<(typeof PHP_LINES)[number], BaseName>> = { '8.4': 'trixie', '8.2': 'bookworm' };

/** Debian keeps only the newest build of a package: lines are pinned here, what was really built is recorded. */
export const RELEASE_LINES: Readonly<Record<ImageName, ReleaseLine>> = {
  wordpress: {
    on: { base: 'trixie', line: { wordpress: '7.', php: '8.4.', 'wp-cli': '2.' } },
    artifacts: [
      { names: ['wordpress'], form: 'tree' },
      { names: ['wp-cli'], form: 'phar' },
    ],
    setting: 'WORDPRESS_IMAGE',
  },
  mysql: { on: { base: 'sid', line: { mysql: '9.7.' } }, artifacts: [], setting: 'DB_IMAGE' },
  redis: { on: { base: 'trixie', line: { redis: '8.' } }, artifacts: [], setting: 'REDIS_IMAGE' },
  magento: {
    on: ({ php = '' }) => {
      const version = phpLineFor(php) ?? PHP_LINES[0];
      return { base: PHP_BASES[version], line: { php: `${version}.` }, buildArgs: { PHP_VERSION: version } };
    },
    artifacts: [{ names: ['magento'], form: 'tree' }],
    setting: 'MAGENTO_IMAGE',
  },
  // What Magento 2.4.7 accepts at most; newer ones need MAGENTO_DB_IMAGE.
  mariadb: { on: { base: 'bookworm', line: { mariadb: '10.11.' } }, artifacts: [], setting: 'MAGENTO_DB_IMAGE' },
  search: {
    on: { base: 'bookworm', line: {} },
    artifacts: [{ names: ['opensearch', 'elasticsearch'], form: 'tree' }],
    setting: 'SEARCH_IMAGE',
  },
  rabbitmq: { on: { base: 'bookworm', line: { rabbitmq: '3.10.' } }, artifacts: [], setting: 'MAGENTO_QUEUE_IMAGE' },
  // Not of a store: what its owner looks into its database with, made when it is first opened.
  phpmyadmin: {
    on: { base: 'trixie', line: { phpmyadmin: '5.2.', php: '8.4.' } },
    artifacts: [],
    setting: 'PHPMYADMIN_IMAGE',
  },
  varnish: { on: { base: 'bookworm', line: { varnish: '7.1.' } }, artifacts: [], setting: 'MAGENTO_VARNISH_IMAGE' },
};

export const BASES: Readonly<Record<BaseName, Base>> = {
  trixie: stableBase('trixie'),
  bookworm: stableBase('bookworm'),
  // Only sid has MySQL's long-term line, on machines with a registry too: a shop's data never meets an older server.
  sid: {
    suite: 'sid',
    pull: 'debian:sid-slim',
    sources: ['deb {archive} sid main'],
    aptOptions: ['Acquire::Check-Valid-Until "false"'],
  },
};

export const IMAGE_NAMES = Object.keys(RELEASE_LINES) as ImageName[];

export function foundationOf(name: ImageName, facts: ApplicationFacts): Foundation {
  const { on } = RELEASE_LINES[name];
  return typeof on === 'function' ? on(facts) : on;
}

/** Names what of `versions` is not of the pinned line, as a clause; `undefined` when all is well. */
export function offLine(
  { line }: Pick<Foundation, 'line'>,
  versions: Readonly<Record<string, string>>,
): string | undefined {
  for (const [part, prefix] of Object.entries(line)) {
    const version = versions[part];
    if (version === undefined) return `it does not say which ${part} it holds`;
    if (!version.startsWith(prefix)) return `it holds ${part} ${version}, this release is made for ${prefix}x`;
  }
  return undefined;
}

/** A release of Debian with its updates and security fixes. */
function stableBase(suite: 'trixie' | 'bookworm'): Base {
  return {
    suite,
    pull: `debian:${suite}-slim`,
    sources: [
      `deb {archive} ${suite} main`,
      `deb {archive} ${suite}-updates main`,
      `deb {security} ${suite}-security main`,
    ],
    aptOptions: [],
  };
}
