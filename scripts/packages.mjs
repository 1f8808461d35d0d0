// Node's own modules only: this runs before there are any packages.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** True when node_modules lacks a package of package-lock.json or holds another version. Packages for other machines may lack. */
export function needsPackages() {
  const wanted = readJson('package-lock.json')?.packages ?? {};
  const there = readJson('node_modules/.package-lock.json')?.packages;
  if (there === undefined) return true;
  return Object.entries(wanted).some(([path, { version, optional }]) => {
    if (path === '') return false;
    const found = there[path]?.version;
    return found === undefined ? optional !== true : found !== version;
  });
}

function readJson(path) {
  try {
    return JSON.parse(readFileSync(`${ROOT}/${path}`, 'utf8'));
  } catch {
    return undefined;
  }
}
