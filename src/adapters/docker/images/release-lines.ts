import type { ImageName } from '../../../stacks/stack.ts';

/** What images stand on. */
export type BaseName = 'trixie' | 'sid';

export interface Base {
  readonly suite: BaseName;
  /** The same thing where a registry answers. */
  readonly pull: string;
  /** `{archive}` and `{security}` are the machine's own. */
  readonly sources: readonly string[];
  readonly aptOptions: readonly string[];
}

export interface ReleaseLine {
  readonly base: BaseName;
  /** The version each part must begin with. Newer builds of a line come by themselves, another line never does. */
  readonly line: Readonly<Record<string, string>>;
  /** Put into the build context as `artifacts/NAME/` (a tree) or `artifacts/NAME.phar`. */
  readonly artifacts: readonly { readonly name: string; readonly form: 'tree' | 'phar' }[];
  /** The setting that names somebody else's image instead. */
  readonly setting: string;
}

/** Debian keeps only the newest build of a package: lines are pinned here, what was really built is recorded. */
export const RELEASE_LINES: Readonly<Record<ImageName, ReleaseLine>> = {
  wordpress: {
    base: 'trixie',
    line: { wordpress: '7.', php: '8.4.', 'wp-cli': '2.' },
    artifacts: [
      { name: 'wordpress', form: 'tree' },
      { name: 'wp-cli', form: 'phar' },
    ],
    setting: 'WORDPRESS_IMAGE',
  },
  mysql: { base: 'sid', line: { mysql: '9.7.' }, artifacts: [], setting: 'DB_IMAGE' },
  redis: { base: 'trixie', line: { redis: '8.' }, artifacts: [], setting: 'REDIS_IMAGE' },
};

export const BASES: Readonly<Record<BaseName, Base>> = {
  trixie: {
    suite: 'trixie',
    pull: 'debian:trixie-slim',
    sources: ['deb {archive} trixie main', 'deb {archive} trixie-updates main', 'deb {security} trixie-security main'],
    aptOptions: [],
  },
  // Only sid has MySQL's long-term line, on machines with a registry too: a shop's data never meets an older server.
  sid: {
    suite: 'sid',
    pull: 'debian:sid-slim',
    sources: ['deb {archive} sid main'],
    aptOptions: ['Acquire::Check-Valid-Until "false"'],
  },
};

export const IMAGE_NAMES = Object.keys(RELEASE_LINES) as ImageName[];

/** Names what of `versions` is not of the pinned line, as a clause; `undefined` when all is well. */
export function offLine(name: ImageName, versions: Readonly<Record<string, string>>): string | undefined {
  for (const [part, prefix] of Object.entries(RELEASE_LINES[name].line)) {
    const version = versions[part];
    if (version === undefined) return `it does not say which ${part} it holds`;
    if (!version.startsWith(prefix)) return `it holds ${part} ${version}, this release is made for ${prefix}x`;
  }
  return undefined;
}
