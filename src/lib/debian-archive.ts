/** Where Debian publishes, for a machine whose own apt names no archive of Debian's. */
const MAIN = 'http://deb.debian.org/debian';
const SECURITY = 'http://deb.debian.org/debian-security';

const isSecurity = (uri: string): boolean => uri.includes('security');

/** The archive to take packages from: the machine's own where it has one. */
export const mainArchiveOf = (own: readonly string[]): string => own.find((uri) => !isSecurity(uri)) ?? MAIN;

/** The archive of security updates: the machine's own where it has one. */
export const securityArchiveOf = (own: readonly string[]): string => own.find(isSecurity) ?? SECURITY;
