/**
 * Does an application take this database server? `patterns`: name → what the server's version must match; `versions` as
 * an image tells them (`{mariadb: '10.11.19', debian: '12'}`). An application that names none takes every one.
 */
export function acceptsDatabase(
  patterns: Readonly<Record<string, string>>,
  versions: Readonly<Record<string, string>>,
): boolean {
  const wanted = Object.entries(patterns);
  if (wanted.length === 0) return true;
  return ['mysql', 'mariadb'].some((server) => {
    const version = versions[server];
    const ofServer = wanted.filter(([name]) => name.toLowerCase().startsWith(server));
    return version !== undefined && ofServer.some(([, pattern]) => new RegExp(pattern).test(version));
  });
}
