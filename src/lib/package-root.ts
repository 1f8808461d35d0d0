import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder that holds `stacks/` and `images/`, from wherever this code runs: the tree or a bundle of it. */
export function packageRoot(): string {
  for (let at = dirname(fileURLToPath(import.meta.url)); at !== '/'; at = dirname(at)) {
    if (existsSync(join(at, 'package.json')) && existsSync(join(at, 'stacks'))) return at;
  }
  throw new Error('The folder with stacks/ and images/ is not beside this program.');
}

/** Do we run from a release, which has no sources? Then this is what `shopctl install` or `up` put on the machine. */
export const isRelease = (): boolean => !existsSync(join(packageRoot(), 'src'));
