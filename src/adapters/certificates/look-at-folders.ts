import { type Stats, statSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as othersFirst } from 'node:timers/promises';
import type { SystemUser } from '../filesystem/find-system-user.ts';
import { CERTIFICATE_FILE, canShow, KEY_FILE, readOrigin, SOURCE_FILE } from './certificate-folder.ts';
import type { PresentCertificate } from './host-folders.ts';

/** Looked at in one go, a few milliseconds; then whatever else waits has its turn. */
const AT_ONCE = 500;

/**
 * Looks at many folders of certificates, each time at the files of all of them: a change of one route must not cost a
 * large installation seconds. What it keeps is only what a file beside a certificate said, for as long as that and the
 * certificate are the very files they were; all writers here put new files in place of old ones.
 *
 * Returns those that the edge could show, by their folder. Nothing that is missing is an error.
 */
export function createFolderLook(): (
  folders: readonly string[],
  user: SystemUser,
) => Promise<Map<string, PresentCertificate>> {
  let known = new Map<string, Said>();
  return async (folders, user) => {
    const seen = new Map<string, Said>();
    const present = new Map<string, PresentCertificate>();
    for (const [at, folder] of folders.entries()) {
      if (at % AT_ONCE === AT_ONCE - 1) await othersFirst();
      const [certificate, key] = [statOf(folder, CERTIFICATE_FILE), statOf(folder, KEY_FILE)];
      if (certificate === undefined || key === undefined || !canShow(certificate, key, user)) continue;
      const stamp = `${stampOf(certificate)} ${stampOf(statOf(folder, SOURCE_FILE))}`;
      const before = known.get(folder);
      const said =
        before?.stamp === stamp ? before : { stamp, isPubliclyTrusted: (await readOrigin(folder)).isPubliclyTrusted };
      seen.set(folder, said);
      present.set(folder, { folder, isPubliclyTrusted: said.isPubliclyTrusted });
    }
    known = seen;
    return present;
  };
}

/** What a file beside a certificate said, and of which two files that is true. */
interface Said {
  readonly stamp: string;
  readonly isPubliclyTrusted: boolean;
}

/** At once: asking another thread for each of thirty thousand files is what takes the time. */
function statOf(folder: string, file: string): Stats | undefined {
  try {
    return statSync(join(folder, file), { throwIfNoEntry: false });
  } catch {
    // Whatever is in the way, the edge's workers would meet it too.
    return undefined;
  }
}

const stampOf = (file: Stats | undefined): string => (file === undefined ? '-' : `${file.ino} ${file.ctimeMs}`);
