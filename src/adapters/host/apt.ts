import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AppError } from '../../domain/errors.ts';
import { pause } from '../../lib/deadline.ts';
import { MINUTE, SECOND } from '../../lib/time.ts';
import { PROGRAMS, type ProgramName } from '../process/programs.ts';
import { CommandFailedError, runCommand } from '../process/run-command.ts';
import { withLock } from './exclusive-lock.ts';
import { withServicesNotStarted } from './service-start-policy.ts';

const INSTALL_TIMEOUT_MS = 15 * MINUTE;
const UPDATE_TIMEOUT_MS = 5 * MINUTE;
const DOWNLOAD_TIMEOUT_MS = 10 * MINUTE;
/** Another apt (unattended upgrades, say) may hold the lock that long. */
const LOCK_WAIT_MS = 5 * MINUTE;
const LOCK_RETRY_MS = 3 * SECOND;
/** What apt-get ends with for every kind of failure. */
const APT_FAILED = 100;

const QUIET = { DEBIAN_FRONTEND: 'noninteractive', NEEDRESTART_MODE: 'l', APT_LISTCHANGES_FRONTEND: 'none' };

/** Where packages may be taken from without becoming a source of this machine. */
export interface PackageSource {
  readonly uri: string;
  readonly suite: string;
  readonly component: string;
  /** The key file that signs it. */
  readonly signedBy: string;
}

export interface Apt {
  /** Installs whatever brings the programs that are not there. One look at the disk when all are. */
  ensurePrograms(names: readonly ProgramName[], signal: AbortSignal): Promise<void>;
  /**
   * Installs packages from this machine's own sources; files (`/….deb`) too. Waits for a running apt, starts no service,
   * may repeat. Throws `tool_missing` naming what could not be had.
   */
  install(packages: readonly string[], signal: AbortSignal): Promise<void>;
  /** Downloads packages, checked by the source's key, into a folder. This machine's apt never hears of it. */
  download(source: PackageSource, packages: readonly string[], into: string, signal: AbortSignal): Promise<string[]>;
  /** The Debian archives this machine is set up for. Empty where it uses none. */
  debianArchives(signal: AbortSignal): Promise<string[]>;
}

/** Debian's package manager, as the platform uses it. */
export function createApt({ onProgress }: { onProgress: (line: string) => void }): Apt {
  let isUpdated = false;

  async function update(signal: AbortSignal): Promise<void> {
    if (isUpdated) return;
    onProgress('Reading package lists (apt-get update)');
    await whenUnlocked(signal, () =>
      runCommand('apt-get', ['update', '--quiet'], { signal, timeoutMs: UPDATE_TIMEOUT_MS, env: QUIET }),
    );
    isUpdated = true;
  }

  async function install(packages: readonly string[], signal: AbortSignal): Promise<void> {
    if (packages.length === 0) return;
    const onWait = (): void => onProgress('Waiting for another start that installs packages');
    await withLock('apt', { signal, onWait }, () =>
      withServicesNotStarted(async () => {
        // What a killed installation left half done; nothing otherwise.
        await runCommand('dpkg', ['--configure', '-a', '--force-confold'], {
          signal,
          env: QUIET,
          timeoutMs: INSTALL_TIMEOUT_MS,
        });
        try {
          await tryInstall(packages, signal);
        } catch (error) {
          signal.throwIfAborted();
          if (isUpdated) throw notInstalled(packages, error);
          await update(signal);
          await tryInstall(packages, signal).catch((again: unknown) => {
            throw notInstalled(packages, again);
          });
        }
      }),
    );
  }

  async function tryInstall(packages: readonly string[], signal: AbortSignal): Promise<void> {
    onProgress(`Installing ${packages.map((name) => name.split('/').at(-1)).join(', ')} (apt-get)`);
    const options = [
      `-oDPkg::Lock::Timeout=${LOCK_WAIT_MS / SECOND}`,
      '-oDpkg::Options::=--force-confold',
      '-oDpkg::Use-Pty=0',
    ];
    await runCommand(
      'apt-get',
      ['install', '--yes', '--quiet', '--no-install-recommends', ...options, '--', ...packages],
      {
        signal,
        timeoutMs: INSTALL_TIMEOUT_MS,
        env: QUIET,
      },
    );
  }

  return {
    install,
    async ensurePrograms(names, signal) {
      const missing = names.filter((name) => !PROGRAMS[name].paths.some((path) => existsSync(path)));
      await install([...new Set(missing.map((name) => PROGRAMS[name].package))], signal);
    },
    async download(source, packages, into, signal) {
      const folder = await mkdtemp(join(tmpdir(), 'shophosting-apt-'));
      try {
        return await downloadApart(folder, source, packages, into, signal);
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    },
    async debianArchives(signal) {
      const ask = () =>
        runCommand('apt-get', ['indextargets', '--format', '$(ORIGIN) $(LABEL) $(REPO_URI)', 'Created-By: Packages'], {
          signal,
        });
      let { stdout } = await ask();
      // The origin is told by the lists; a fresh machine has none yet.
      if (!stdout.includes('Debian ')) {
        await update(signal);
        ({ stdout } = await ask());
      }
      const archives = stdout.split('\n').filter((line) => line.startsWith('Debian Debian '));
      return [...new Set(archives.map((line) => line.slice('Debian Debian '.length)))];
    },
  };
}

async function whenUnlocked<T>(signal: AbortSignal, action: () => Promise<T>): Promise<T> {
  const giveUpAt = Date.now() + LOCK_WAIT_MS;
  for (;;) {
    try {
      return await action();
    } catch (error) {
      const isLocked =
        error instanceof CommandFailedError && error.exitCode === APT_FAILED && /lock/i.test(error.stderrTail);
      if (!isLocked || Date.now() > giveUpAt) throw error;
      await pause(LOCK_RETRY_MS, signal);
    }
  }
}

/** apt with folders, sources and package list of its own: the machine's configuration is read, nothing of it is changed. */
async function downloadApart(
  folder: string,
  source: PackageSource,
  packages: readonly string[],
  into: string,
  signal: AbortSignal,
): Promise<string[]> {
  await mkdir(join(folder, 'state/lists/partial'), { recursive: true });
  await mkdir(join(folder, 'cache/archives/partial'), { recursive: true });
  await mkdir(into, { recursive: true });
  await writeFile(join(folder, 'status'), '');
  await writeFile(
    join(folder, 'sources.list'),
    `deb [signed-by=${source.signedBy}] ${source.uri} ${source.suite} ${source.component}\n`,
  );
  const apart = [
    `-oDir::Etc::sourcelist=${folder}/sources.list`,
    '-oDir::Etc::sourceparts=/dev/null',
    '-oDir::Etc::preferences=/dev/null',
    '-oDir::Etc::preferencesparts=/dev/null',
    `-oDir::State=${folder}/state`,
    `-oDir::State::status=${folder}/status`,
    `-oDir::Cache=${folder}/cache`,
    // Everything here is private to root; apt's own user could not write it.
    '-oAPT::Sandbox::User=root',
    '-oAcquire::Languages=none',
    '-oAcquire::IndexTargets::deb::DEP-11::DefaultEnabled=false',
  ];
  const options = { signal, timeoutMs: DOWNLOAD_TIMEOUT_MS, env: QUIET };
  await runCommand('apt-get', [...apart, 'update', '--quiet', '--error-on=any'], options);
  await runCommand('apt-get', [...apart, 'download', '--quiet', '--', ...packages], { ...options, cwd: into });
  return (await readdir(into)).filter((name) => name.endsWith('.deb')).map((name) => join(into, name));
}

function notInstalled(packages: readonly string[], cause: unknown): AppError {
  const said = cause instanceof Error ? cause.message : String(cause);
  return new AppError('tool_missing', `${packages.join(', ')} could not be installed: ${said}`, {
    cause,
    retryable: true,
    hint: `See why: apt-get update && apt-get install ${packages.join(' ')}`,
    ...(cause instanceof AppError && cause.logTail !== undefined ? { logTail: cause.logTail } : {}),
  });
}
