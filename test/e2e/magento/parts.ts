import { searchStandInImage } from '../../services/search-stand-in.ts';
import { openImages } from '../../setup/open-images.ts';

/** What a Magento store is made of on this machine. */
export interface MagentoParts {
  /** Why there can be none, as the end of a sentence; `undefined` where all is there. */
  readonly missing: string | undefined;
  /** For the names of tests: which search engine they ran with. */
  readonly engine: 'search engine' | 'search stand-in';
  /** What stands beside the Magento shops: WooCommerce only where its archive is there. */
  readonly neighbour: 'woocommerce' | 'wordpress';
  /** The settings that a platform with these parts needs. */
  settings(signal: AbortSignal): Promise<Readonly<Record<string, string>>>;
}

/** Looks, and makes nothing. */
export async function findMagentoParts(): Promise<MagentoParts> {
  const { docker, artifacts, images } = openImages();
  const [archive, engineArchive, woocommerce, listed] = await Promise.all([
    artifacts.find('magento'),
    artifacts.find('opensearch').then((found) => found ?? artifacts.find('elasticsearch')),
    artifacts.find('woocommerce'),
    images.list().catch(() => []),
  ]);
  const isThere = (name: string): boolean => listed.some((image) => image.name === name && image.present);
  const absent = ['magento', 'mariadb'].filter((name) => !isThere(name));
  const missing =
    archive === undefined
      ? 'no archive of a Magento project is in ARTIFACTS_DIR'
      : absent.length > 0
        ? `the image ${absent.join(' and the image ')} is not prepared`
        : undefined;
  const engine = engineArchive !== undefined && isThere('search') ? 'search engine' : 'search stand-in';
  return {
    missing,
    engine,
    neighbour: woocommerce === undefined ? 'wordpress' : 'woocommerce',
    settings: async (signal) =>
      engine === 'search engine' ? {} : { SEARCH_IMAGE: await searchStandInImage(docker, signal) },
  };
}
