import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { PLATFORM_NAMES } from '../src/domain/store.ts';
import { packageRoot } from '../src/lib/package-root.ts';

/** Outside `src/stacks`, who may call a platform by its name, and why. A new platform changes these and nothing else. */
const MAY: Readonly<Record<string, string>> = {
  'src/domain/store.ts': 'the list of all of them',
  'src/web/pages/words/platforms.ts': 'words for people',
  'src/adapters/artifacts/catalogue.ts': 'where applications come from',
  'src/adapters/artifacts/readers/magento-project.ts': 'how one application is recognised',
  'src/adapters/artifacts/artifact-store.ts': 'the cure names the settings for the keys of a repository',
  'src/adapters/artifacts/sources/composer-project.ts': 'as above',
  'src/adapters/docker/composer-projects.ts': 'as above',
  'src/adapters/docker/images/release-lines.ts': 'what images are built on, and the settings that name others',
  'src/config/settings.ts': 'settings that only one platform has',
  'src/config/schemas.ts': 'how those are read',
  'src/config/cross-checks.ts': 'as above',
  'src/config/load-config.ts': 'turns them into what knows no name',
  'src/config/config.ts': 'the images that settings may name',
  'src/cli/commands/parts.ts': 'an example',
  'src/cli/commands/pool.ts': 'an example',
  'src/cli/commands/store.ts': 'examples',
  'src/cli/commands/store-logs.ts': 'an example',
  'src/cli/run-cli.ts': 'an example',
  'src/app/availability.ts': "the vendor's host, for an application that comes as a plugin",
  'src/app/secret-makers.ts': 'salts are made as this application asks for them',
  'src/domain/php-limits.ts': 'what requests may take, a table by platform that domain and edge read',
  'src/domain/page-cache.ts': 'whose pages the edge keeps, a table by platform',
  'src/adapters/edge/render-page-cache.ts': 'the name of a cookie that says nothing',
  'src/domain/password.ts': 'what people put into passwords',
  'src/app/demo.ts': 'the demonstration is a shop of this platform',
};
const NAMES = new RegExp(PLATFORM_NAMES.join('|'), 'i');
const withoutComments = (text: string): string => text.replaceAll(/\/\*.*?\*\/|(?<=^|\s)\/\/[^\n]*/gs, '');

test('outside the stacks only those files name a platform that have a reason to', () => {
  const files = (readdirSync(join(packageRoot(), 'src'), { recursive: true }) as string[])
    .map((path) => `src/${path}`)
    .filter((path) => /\.tsx?$/.test(path) && !path.startsWith('src/stacks/') && !path.endsWith('.test.ts'));
  const naming = files.filter((path) => NAMES.test(withoutComments(readFileSync(join(packageRoot(), path), 'utf8'))));

  expect(files.length).toBeGreaterThan(100);
  expect(naming.sort()).toEqual(Object.keys(MAY).sort());
});
