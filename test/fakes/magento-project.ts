/** The files by which a composer project of Magento is known, as small as can be. `top` ends in `/` or is empty. */
export function magentoProject({
  version = '2.4.7-p7',
  product = 'magento/product-community-edition',
  php = '~8.1.0||~8.2.0||~8.3.0',
  databases = { 'MySQL-8': '^8\\.0\\.', 'MariaDB-(10.2-10.11)': '^10\\.([2-9]|10|11)\\.' },
  searchEngines = ['opensearch', 'elasticsearch7'],
  top = 'magento/',
}: {
  readonly version?: string;
  readonly product?: string;
  readonly php?: string;
  readonly databases?: Readonly<Record<string, string>>;
  readonly searchEngines?: readonly string[];
  readonly top?: string;
} = {}): Record<string, string> {
  const packages = JSON.stringify({ packages: [{ name: product, version, require: { php } }] });
  const items = Object.entries(databases).map(
    ([name, pattern]) => `<item name="${name}" xsi:type="string">${pattern}</item>`,
  );
  const files: Record<string, string> = {
    'app/etc/di.xml': `<config>\n<type name="Magento\\Framework\\DB\\Adapter\\SqlVersionProvider">\n<arguments>${items.join('\n')}</arguments></type>\n</config>`,
    'bin/magento': '#!/usr/bin/env php',
    'composer.json': JSON.stringify({ name: 'magento/project-community-edition', require: { [product]: version } }),
    'composer.lock': packages,
    'pub/index.php': '<?php',
    'vendor/autoload.php': '<?php',
    'vendor/composer/installed.json': packages,
    ...Object.fromEntries(
      searchEngines.map((name) => [
        `vendor/magento/module-${name}/etc/search_engine.xml`,
        `<engines>\n<!-- <engine name="none"> -->\n<engine name="${name}">\n<feature name="synonyms" support="true" />\n</engine></engines>`,
      ]),
    ),
  };
  return Object.fromEntries(Object.entries(files).map(([path, text]) => [`${top}${path}`, text]));
}
