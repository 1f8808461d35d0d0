import { chmod, chown, mkdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { AppError } from '../../domain/errors.ts';
import { fileWork } from '../filesystem/file-error.ts';
import { findSystemUser, type SystemUser } from '../filesystem/find-system-user.ts';
import { writeFileAtomically } from '../filesystem/write-file-atomically.ts';
import { type EdgeFolders, NO_EPOCH } from './edge-folders.ts';
import { PAGES } from './pages/pages.ts';

const FOLDER_MODE = 0o755;
/** Routes and pages are for root and the edge's workers; nobody else on this machine reads them. */
const PREFIX_MODE = 0o750;
const PAGE_MODE = 0o644;
const EXECUTABLE_BY_OTHERS = 0o001;

/**
 * Makes what nginx needs below DATA_DIR, and writes our pages. Throws `configuration_invalid` when the edge's user is
 * missing, `permission_denied` when it could not get to these folders: nginx's own test, run as root, would not notice.
 */
export async function prepareFolders(folders: EdgeFolders, { user }: { readonly user: string }): Promise<void> {
  const edgeUser = await findSystemUser(user);
  await fileWork('Making the folders of the edge', async () => {
    const challenges = join(folders.acme, '.well-known', 'acme-challenge');
    const passed = [folders.pages, folders.temporary, folders.epochs, folders.opened, folders.keptPages];
    const made = [folders.logs, folders.trees, challenges, ...passed];
    await Promise.all(made.map((folder) => mkdir(folder, { recursive: true })));
    // Whatever the umask said: workers, who are not root, pass through these.
    const open = [...passed, folders.acme, dirname(challenges), challenges];
    await Promise.all(open.map((folder) => chmod(folder, FOLDER_MODE)));
    await chown(folders.prefix, 0, edgeUser.gid);
    await chmod(folders.prefix, PREFIX_MODE);
    await writeFileAtomically(join(folders.epochs, NO_EPOCH), '', { mode: PAGE_MODE });
    const pages = Object.entries(PAGES).map(([name, html]) => [join(folders.pages, `${name}.html`), html] as const);
    await Promise.all(pages.map(([path, html]) => writeFileAtomically(path, html, { mode: PAGE_MODE })));
  });
  await ensureReachable(folders.pages, edgeUser);
}

/** Every folder on the way must let the user through. */
async function ensureReachable(path: string, user: SystemUser): Promise<void> {
  for (let folder = path; folder !== '/'; folder = dirname(folder)) {
    const { mode, uid, gid } = await stat(folder);
    const isOpen = (mode & EXECUTABLE_BY_OTHERS) !== 0;
    if (isOpen || uid === user.uid || gid === user.gid) continue;
    throw new AppError('permission_denied', `The edge's user ${user.name} cannot get into ${folder}.`, {
      hint: `Let it through: chmod o+x ${folder} (or choose another DATA_DIR)`,
    });
  }
}
