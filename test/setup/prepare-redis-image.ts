import { openImages } from './open-images.ts';

/** A process of its own, to be killed amid it. Arguments: the folder with `images/redis`, and the data folder. */
const [root = '', dataDir = ''] = process.argv.slice(2);
await openImages(() => undefined, { root, dataDir }).images.prepare(['redis'], new AbortController().signal);
