/** Where tests keep what is dear to make (images' sources, tools); everything else they put into folders of their own. */
export const DATA_DIR = process.env['SHOP_TEST_DATA_DIR'] ?? '/var/lib/shophosting-test';
/** Shared with the platform: archives are checked by content, whoever fetched them. */
export const ARTIFACTS_DIR = process.env['ARTIFACTS_DIR'] ?? '/var/lib/shophosting/artifacts';
export const DOCKER_SOCKET = '/var/run/docker.sock';
