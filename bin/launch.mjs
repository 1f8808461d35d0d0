// Node's own modules only: this runs before there are any packages.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ROOT } from './root.mjs';

/**
 * Makes packages and build current, then hands over to `build/shopctl.js` in this same process. With everything fresh
 * that costs some milliseconds. What fails is said in a sentence with its cure, and the exit code is 1.
 */
export async function launch() {
  try {
    if (existsSync(join(ROOT, 'src'))) {
      // A release has neither sources nor these two files.
      const { ensurePackages } = await import('./ensure-packages.mjs');
      await ensurePackages();
      const { ensureBuild } = await import('./ensure-build.mjs');
      await ensureBuild();
    }
  } catch (error) {
    console.error(`shopctl cannot start: ${error.message}`);
    process.exit(1);
  }
  await import(pathToFileURL(join(ROOT, 'build', 'shopctl.js')).href);
}
