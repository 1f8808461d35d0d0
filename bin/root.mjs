import { fileURLToPath } from 'node:url';

/** The folder of the package, without a slash at its end. */
export const ROOT = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '');
