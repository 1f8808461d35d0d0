import type { TestPlatform } from '../../test/e2e/platform.ts';

/** Where a shop of that name is going to be. */
export const urlOf = ({ config }: TestPlatform, name: string): string =>
  `https://${name}.${config.baseDomain}:${config.http.httpsPort}/`;
