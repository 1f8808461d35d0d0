import { z } from 'zod';
import { PHP_LINES, phpLineFor } from '../../../domain/php-lines.ts';
import type { ApplicationFacts } from '../application-facts.ts';
import { refused } from '../archive-entry.ts';
import type { TreeReader, Verdict } from './tree-reader.ts';

/** The package that stands for the whole application, and how people call it. The bigger edition holds the smaller. */
const EDITIONS: Readonly<Record<string, string>> = {
  'magento/product-enterprise-edition': 'Adobe Commerce',
  'magento/product-community-edition': 'Magento Open Source',
  'mage-os/product-community-edition': 'Mage-OS',
};

/** Composer's own files, as far as they are read. */
const PACKAGES = z.object({
  packages: z.array(
    z.object({ name: z.string(), version: z.string(), require: z.record(z.string(), z.string()).optional() }),
  ),
});
type Package = z.output<typeof PACKAGES>['packages'][number];

const WANTED = ['composer.json', 'composer.lock', 'vendor/composer/installed.json', 'app/etc/di.xml'] as const;
/** Without these a project does not run, whatever its lists say. */
const NEEDED = ['vendor/autoload.php', 'app/etc/di.xml', 'bin/magento', 'pub/index.php'] as const;

const VERSION_PATTERNS = /<type name="Magento\\Framework\\DB\\Adapter\\SqlVersionProvider">(.*?)<\/type>/s;
const PATTERN_ITEM = /<item name="([\w. ()-]{1,60})" xsi:type="string">([^<]{1,100})<\/item>/g;
/** Each module that brings a search engine's client says so in one. */
const ENGINES_FILE = /^(?:vendor|app\/code)\/[^/]+\/[^/]+\/etc\/search_engine\.xml$/;
const ENGINE_NAME = /<engine\s+name="([a-z0-9_]{1,40})"/g;
const COMMENT = /<!--.*?-->/gs;

/** Plain enough that matching a version against it ends. */
const PLAIN_PATTERN = /^[\w^$.\\()|[\]-]+$/;

/**
 * Reads a composer project of Magento 2 or Mage-OS: version and PHP from `composer.lock`, checked against what is
 * installed in `vendor/`, the databases it accepts from its `di.xml`, and the
 * search engines from its modules. Refuses, with the reason, what is Magento but
 * cannot be hosted: Magento 1, a source repository, half a project, one with somebody's `env.php`, one for another PHP.
 */
export function createMagentoReader(archive: string): TreeReader {
  const texts = new Map<string, string>();
  const seen = new Set<string>();
  const engines = new Set<string>();
  return {
    wantsAll: true,
    async see(path, textOf) {
      if (path === 'app/Mage.php') throw refused(archive, 'is Magento 1 (app/Mage.php); only Magento 2 can be hosted');
      if (path === 'app/etc/env.php') {
        throw refused(archive, "holds app/etc/env.php, somebody's passwords: pack the project without it");
      }
      if (NEEDED.some((needed) => needed === path)) seen.add(path);
      if (WANTED.some((wanted) => wanted === path)) texts.set(path, await textOf());
      if (ENGINES_FILE.test(path)) for (const name of enginesIn(await textOf())) engines.add(name);
    },
    verdict: () => judge(archive, texts, seen, [...engines].sort()),
  };
}

function judge(
  archive: string,
  texts: ReadonlyMap<string, string>,
  seen: ReadonlySet<string>,
  searchEngines: readonly string[],
): Verdict | undefined {
  const project = texts.get('composer.json') ?? '';
  const locked = packagesIn(texts.get('composer.lock'));
  const product = productIn(locked);
  if (product === undefined) {
    if (/"name":\s*"(?:magento\/magento2[a-z]*|mage-os\/mageos-magento2)"/.test(project)) {
      throw refused(archive, "is Magento's source repository, not a composer project");
    }
    if (Object.keys(EDITIONS).some((name) => project.includes(`"${name}"`))) {
      throw refused(archive, 'is a Magento project without composer.lock: run composer install and pack it again');
    }
    return undefined;
  }
  const edition = EDITIONS[product.name] ?? product.name;
  const label = `${edition} ${product.version}`;
  const installed = productIn(packagesIn(texts.get('vendor/composer/installed.json')));
  if (installed === undefined) {
    throw refused(archive, `is ${label} without its vendor/ folder: run composer install and pack the project again`);
  }
  if (installed.version !== product.version) {
    throw refused(
      archive,
      `is ${label} by composer.lock, but vendor/ holds ${installed.version}: run composer install`,
    );
  }
  const missing = NEEDED.find((path) => !seen.has(path));
  if (missing !== undefined) throw refused(archive, `is ${label}, but only half of it: ${missing} is missing`);
  const php = product.require?.['php'] ?? '';
  if (phpLineFor(php) === undefined) {
    const wish = php === '' ? 'does not say which PHP it runs on' : `asks for PHP ${php}`;
    throw refused(archive, `is ${label}, which ${wish}; here there is PHP ${PHP_LINES.join(' and ')}`);
  }
  const databases = databasesIn(texts.get('app/etc/di.xml') ?? '');
  const facts: ApplicationFacts = { edition, php, databases, searchEngines };
  return { version: product.version, facts };
}

function productIn(packages: readonly Package[]): Package | undefined {
  return Object.keys(EDITIONS)
    .map((name) => packages.find((candidate) => candidate.name === name))
    .find((found) => found !== undefined);
}

function packagesIn(text: string | undefined): readonly Package[] {
  if (text === undefined) return [];
  try {
    return PACKAGES.parse(JSON.parse(text)).packages;
  } catch {
    return [];
  }
}

const enginesIn = (text: string): string[] =>
  [...text.replaceAll(COMMENT, '').matchAll(ENGINE_NAME)].map(([, name = '']) => name);

function databasesIn(text: string): Record<string, string> {
  const [, block = ''] = VERSION_PATTERNS.exec(text) ?? [];
  const found = [...block.matchAll(PATTERN_ITEM)].map(([, name = '', pattern = '']) => [name, pattern] as const);
  return Object.fromEntries(found.filter(([, pattern]) => PLAIN_PATTERN.test(pattern)));
}
