import type { ApplicationFacts } from '../../artifacts/application-facts.ts';

export const IMAGE_LABELS = {
  contract: 'shophosting.image.contract',
  name: 'shophosting.image.name',
  base: 'shophosting.image.base',
  versions: 'shophosting.image.versions',
  /** What the application inside accepts beside it. */
  accepts: 'shophosting.image.accepts',
  /** On an image that only pretends to be what it stands for, for tests. */
  standIn: 'shophosting.image.stand-in',
} as const;

/** The promises that an image makes; docs/reference/images.md has them. */
export const CONTRACT = '1';

/** What the application inside an image accepts: versions of a database, names of search engines. */
export type Accepts = Pick<ApplicationFacts, 'databases' | 'searchEngines'>;

/** Nothing in it, where there is no application inside. */
export const acceptsOf = ({
  databases,
  searchEngines,
}: { readonly [Name in keyof Accepts]?: Accepts[Name] | undefined }): Accepts => ({
  ...(databases === undefined ? {} : { databases }),
  ...(searchEngines === undefined ? {} : { searchEngines }),
});

export const isStandIn = (labels: Readonly<Record<string, string>> | null | undefined): boolean =>
  labels?.[IMAGE_LABELS.standIn] !== undefined;
