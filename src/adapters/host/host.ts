import { existsSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { AppError } from '../../domain/errors.ts';
import { findSystemUser, type SystemUser } from '../filesystem/find-system-user.ts';
import { runCommand } from '../process/run-command.ts';
import { type Apt, createApt } from './apt.ts';
import { isPortFree } from './is-port-free.ts';

/** MySQL and Redis, the edge's workers, the web process. */
export const PLATFORM_USERS = ['shophosting', 'shophosting-edge', 'shophosting-web'] as const;
export type PlatformUser = (typeof PLATFORM_USERS)[number];

export interface DiskSpace {
  readonly freeBytes: number;
  readonly totalBytes: number;
  /** Some file systems do not count inodes; then both are 0. */
  readonly freeInodes: number;
  readonly totalInodes: number;
}

export interface Host {
  readonly apt: Apt;
  /** Throws `permission_denied` with the command to type instead. */
  ensureRoot(): void;
  /** Makes the account without home, shell or password when it is not there. */
  ensureSystemUser(name: PlatformUser, signal: AbortSignal): Promise<SystemUser>;
  diskSpace(path: string): Promise<DiskSpace>;
  /** Can somebody listen there now, on every IPv4 address? */
  isPortFree(port: number): Promise<boolean>;
  isSystemd(): boolean;
}

/** useradd(8): the name is in use already. */
const USER_EXISTS = 9;

/** The machine below the platform: its packages, accounts, disk and ports. */
export function createHost({ onProgress }: { onProgress: (line: string) => void }): Host {
  return {
    apt: createApt({ onProgress }),
    ensureRoot() {
      if (process.getuid?.() === 0) return;
      throw new AppError(
        'permission_denied',
        'The platform needs the rights of root: it runs containers and gives stores user ids of their own.',
        {
          hint: `Run: sudo ${[process.execPath, ...process.argv.slice(1)].join(' ')}`,
        },
      );
    },
    async ensureSystemUser(name, signal) {
      const present = await findSystemUser(name).catch(() => undefined);
      if (present !== undefined) return present;
      onProgress(`Adding the system user ${name}`);
      const options = [
        '--system',
        '--user-group',
        '--no-create-home',
        '--home-dir',
        '/nonexistent',
        '--shell',
        '/usr/sbin/nologin',
      ];
      await runCommand('useradd', [...options, name], { signal, acceptExitCodes: [USER_EXISTS] });
      return findSystemUser(name);
    },
    async diskSpace(path) {
      const facts = await statfs(path);
      return {
        freeBytes: facts.bavail * facts.bsize,
        totalBytes: facts.blocks * facts.bsize,
        freeInodes: facts.ffree,
        totalInodes: facts.files,
      };
    },
    isPortFree,
    // `systemctl` may be installed without systemd running (sd_booted(3)).
    isSystemd: () => existsSync('/run/systemd/system'),
  };
}
