import { AppError } from '../../domain/errors.ts';
import { createMagentoReader } from './readers/magento-project.ts';
import { createSearchEngineReader } from './readers/search-engine.ts';
import type { NewTreeReader } from './readers/tree-reader.ts';

/** Applications by their name in the catalogue; adding one here is all it takes to know it. */
export type ApplicationName = 'wordpress' | 'wp-cli' | 'woocommerce' | 'magento' | 'opensearch' | 'elasticsearch';

/** A file at the vendor's own address, checked against `sha256` or, where none is known, what the vendor publishes. */
export interface DownloadSource {
  readonly kind: 'download';
  readonly version: string;
  readonly url: string;
  readonly sha256?: string;
  /**
   * `sha1-file`, `sha512-file`: one line at this address; `plugin-checksums`: wordpress.org's JSON of every file's
   * SHA-256.
   */
  readonly published?: { readonly form: 'sha1-file' | 'sha512-file' | 'plugin-checksums'; readonly url: string };
}

/** Packages of Debian's archive, checked by its key, their files put together to one tree. */
export interface DebianSource {
  readonly kind: 'debian';
  readonly suite: string;
  readonly packages: readonly string[];
  /** The tree inside the unpacked packages; its links point into the others. */
  readonly tree: string;
  /** Debian's own additions, and links to what only an installed system has. */
  readonly leaveOut: readonly string[];
  /** File of the tree → folder of certificates that it is made of. */
  readonly certificateBundle: { readonly file: string; readonly from: string };
}

/** A package of the npm registry that carries the vendor's files. It is downloaded and read, never installed or run. */
export interface NpmSource {
  readonly kind: 'npm';
  readonly package: string;
  readonly version: string;
  readonly integrity: string;
  /** The file, or the tree (ending in `/`), inside the package. */
  readonly path: string;
}

/** A project that composer puts together from the vendor's repository, or from a mirror of it. */
export interface ComposerSource {
  readonly kind: 'composer';
  readonly package: string;
  readonly version: string;
  readonly repository: string;
  /** Serves only who signs in with the operator's keys. */
  readonly wantsKeys: boolean;
}

export type Source = DownloadSource | DebianSource | NpmSource | ComposerSource;

export interface FileSign {
  readonly file: string;
  readonly isIt: RegExp;
  readonly version: RegExp;
}

export interface CatalogueEntry {
  readonly name: ApplicationName;
  readonly label: string;
  readonly form: 'tree' | 'phar';
  /** Of a tree: the one folder every path of its archive starts with. Without one, any name will do, or none. */
  readonly folder?: string;
  /** The file that gives it away, and the version in it; or who can tell, where one file does not. */
  readonly sign: FileSign | { readonly newReader: NewTreeReader };
  /** Paths below the top folder that are not unpacked. */
  readonly leaveOut?: RegExp;
  /** What we know for certain: version → sha256 of the one right archive. Another archive of that version is refused. */
  readonly pins: Readonly<Record<string, string>>;
  /** After the archive folder, in this order. */
  readonly sources: readonly Source[];
  /** More than the real one ever held; an archive above that is no archive of this application. */
  readonly most: { readonly files: number; readonly bytes: number };
  /** The name an operator would give the file. */
  readonly usualFile: string;
}

const MEGABYTE = 1_000_000;
const WP_STUDIO = {
  kind: 'npm',
  package: 'wp-studio',
  version: '1.22.0',
  integrity: 'sha512-boMtahkhgWDKKyNTBA1uTK5ghnAmxXhDY6KeQCO9FmcI3/o+YOSq8JwYW5ZYnxHCxH14Jf/mD6CJTBvTWl2Ytw==',
} as const;
/** The newest that accepts the database built here; 2.4.8 wants MAGENTO_DB_IMAGE and comes as an archive. */
const MAGENTO_PROJECT = {
  kind: 'composer',
  package: 'magento/project-community-edition',
  version: '2.4.7-p7',
} as const;
/** The last line that Magento 2.4.6 to 2.4.8 accept alike; the smallest of its archives, without plugins. */
const OPENSEARCH = {
  version: '2.19.5',
  url: 'https://artifacts.opensearch.org/releases/core/opensearch/2.19.5/opensearch-min-2.19.5-linux-x64.tar.gz',
} as const;
/** The image brings Debian's, which gets security fixes; this one holds links, too. */
const BUNDLED_JAVA = /^jdk(?:\/|$)/;
const WP_CLI_SHA256 = 'ce34ddd838f7351d6759068d09793f26755463b4a4610a5a5c0a97b68220d85c';

/** Which applications there are, where they come from, in which order, and how each is checked. */
export const CATALOGUE: Readonly<Record<ApplicationName, CatalogueEntry>> = {
  wordpress: {
    name: 'wordpress',
    label: 'WordPress',
    form: 'tree',
    folder: 'wordpress',
    sign: { file: 'wp-includes/version.php', isIt: /\$wp_version\s*=/, version: /\$wp_version\s*=\s*'([^']+)'/ },
    pins: {},
    sources: [
      {
        kind: 'download',
        version: '7.1.4',
        url: 'https://wordpress.org/wordpress-7.1.4.zip',
        published: { form: 'sha1-file', url: 'https://wordpress.org/wordpress-7.1.4.zip.sha1' },
      },
      // Newer than the registry's copy below, with the security fixes between the two.
      {
        kind: 'debian',
        suite: 'sid',
        packages: [
          'wordpress',
          'wordpress-theme-twentytwentyfive',
          'ca-certificates',
          'libjs-cropper',
          'libjs-jquery',
          'libjs-jquery-ui',
          'libjs-lodash',
          'libjs-prototype',
          'libjs-scriptaculous',
          'libjs-underscore',
          'libphp-phpmailer',
          'php-getid3',
        ],
        tree: 'usr/share/wordpress',
        leaveOut: ['.htaccess', 'wp-config.php'],
        certificateBundle: {
          file: 'wp-includes/certificates/ca-bundle.crt',
          from: 'usr/share/ca-certificates/mozilla',
        },
      },
      { ...WP_STUDIO, path: 'package/dist/cli/wp-files/latest/wordpress/' },
    ],
    most: { files: 20_000, bytes: 600 * MEGABYTE },
    usualFile: 'wordpress-7.1.4.zip',
  },
  'wp-cli': {
    name: 'wp-cli',
    label: 'wp-cli',
    form: 'phar',
    sign: { file: 'vendor/wp-cli/wp-cli/VERSION', isIt: /^\d/, version: /^(\d+\.\d+\.\d+)\s*$/ },
    pins: { '2.12.0': WP_CLI_SHA256 },
    sources: [
      {
        kind: 'download',
        version: '2.12.0',
        url: 'https://github.com/wp-cli/wp-cli/releases/download/v2.12.0/wp-cli-2.12.0.phar',
        sha256: WP_CLI_SHA256,
      },
      { ...WP_STUDIO, path: 'package/dist/cli/wp-files/wp-cli/wp-cli.phar' },
    ],
    most: { files: 1, bytes: 50 * MEGABYTE },
    usualFile: 'wp-cli.phar',
  },
  woocommerce: {
    name: 'woocommerce',
    label: 'WooCommerce',
    form: 'tree',
    folder: 'woocommerce',
    sign: {
      file: 'woocommerce.php',
      isIt: /^[ \t/*#@]*Plugin Name:\s*WooCommerce\s*$/m,
      version: /^[ \t/*#@]*Version:\s*(\d[\w.-]*)\s*$/m,
    },
    // The vendor packs the same version anew for different addresses: one archive's sum says nothing about another's.
    pins: {},
    sources: [
      {
        kind: 'download',
        version: '11.0.1',
        url: 'https://downloads.wordpress.org/plugin/woocommerce.11.0.1.zip',
        published: {
          form: 'plugin-checksums',
          url: 'https://downloads.wordpress.org/plugin-checksums/woocommerce/11.0.1.json',
        },
      },
    ],
    most: { files: 40_000, bytes: 500 * MEGABYTE },
    usualFile: 'woocommerce.zip',
  },
  magento: {
    name: 'magento',
    label: 'Magento',
    form: 'tree',
    sign: { newReader: createMagentoReader },
    // What a working copy gathers, what the image makes anew, and anybody's keys.
    leaveOut:
      /^(?:\.git|vendor\/bin|auth\.json|generated\/(?:code|metadata)|pub\/static\/(?!\.)[^/]+|var\/(?!\.)[^/]+)(?:\/|$)/,
    pins: {},
    sources: [
      { ...MAGENTO_PROJECT, repository: 'https://repo.magento.com/', wantsKeys: true },
      { ...MAGENTO_PROJECT, repository: 'https://mirror.mage-os.org/', wantsKeys: false },
    ],
    most: { files: 250_000, bytes: 2_000 * MEGABYTE },
    usualFile: 'a Magento or Mage-OS project archive (composer project with vendor/, .zip or .tar.gz)',
  },
  opensearch: {
    name: 'opensearch',
    label: 'OpenSearch',
    form: 'tree',
    sign: { newReader: createSearchEngineReader('opensearch') },
    leaveOut: BUNDLED_JAVA,
    pins: {},
    sources: [
      {
        kind: 'download',
        version: OPENSEARCH.version,
        url: OPENSEARCH.url,
        published: { form: 'sha512-file', url: `${OPENSEARCH.url}.sha512` },
      },
    ],
    most: { files: 20_000, bytes: 2_000 * MEGABYTE },
    usualFile: `opensearch-${OPENSEARCH.version}-linux-x64.tar.gz`,
  },
  elasticsearch: {
    name: 'elasticsearch',
    label: 'Elasticsearch',
    form: 'tree',
    sign: { newReader: createSearchEngineReader('elasticsearch') },
    leaveOut: BUNDLED_JAVA,
    pins: {},
    sources: [],
    most: { files: 20_000, bytes: 2_000 * MEGABYTE },
    // The last of the line that Magento 2.4.7's client speaks to (`~7.17.0`); of 8, only a project with the module for it.
    usualFile: 'elasticsearch-7.17.29-linux-x86_64.tar.gz',
  },
};

export const APPLICATIONS: readonly CatalogueEntry[] = Object.values(CATALOGUE);

/** The entry of that name. Throws `not_found` for a name the catalogue does not have. */
export function catalogueEntry(name: string): CatalogueEntry {
  const entry = APPLICATIONS.find((candidate) => candidate.name === name);
  if (entry !== undefined) return entry;
  throw new AppError('not_found', `The catalogue has no application ${name}.`, {
    hint: `It has: ${APPLICATIONS.map((candidate) => candidate.name).join(', ')}`,
  });
}
