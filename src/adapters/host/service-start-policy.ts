import { existsSync, readFileSync } from 'node:fs';
import { chmod, readFile, rename, rm, writeFile } from 'node:fs/promises';

const MARK = '# made by shophosting';

/**
 * Runs `action` while packages that get installed must not start their services (nginx would take port 80). Debian asks
 * `/usr/sbin/policy-rc.d` (invoke-rc.d(8)); ours refuses, and what stood there before is put back afterwards. Killed
 * in between, it is harmless: the script refuses only while this very process lives, else it asks the one before; the
 * next call puts things right.
 */
export async function withServicesNotStarted<T>(action: () => Promise<T>, path = '/usr/sbin/policy-rc.d'): Promise<T> {
  await restorePolicy(path);
  const saved = `${path}.shophosting-saved`;
  if (existsSync(path)) await rename(path, saved);
  await writeFile(path, scriptFor(saved), { mode: 0o755 });
  await chmod(path, 0o755);
  try {
    return await action();
  } finally {
    await restorePolicy(path);
  }
}

/** Puts back what a call of ours that was killed left behind. Does nothing when there is nothing of ours. */
export async function restorePolicy(path = '/usr/sbin/policy-rc.d'): Promise<void> {
  const current = await readFile(path, 'utf8').catch(() => undefined);
  const saved = `${path}.shophosting-saved`;
  const isOurs = current?.includes(MARK) === true;
  if (!isOurs && (current !== undefined || !existsSync(saved))) return;
  if (existsSync(saved)) await rename(saved, path);
  else await rm(path, { force: true });
}

/** 101 = forbidden. The start time tells this process from a later one that got its number. */
function scriptFor(saved: string): string {
  return `#!/bin/sh
${MARK}, only while process ${process.pid} installs packages; may be removed
if [ "$(sed 's/^.*) //' /proc/${process.pid}/stat 2>/dev/null | cut -d' ' -f20)" = "${startTimeOf(process.pid)}" ]; then exit 101; fi
if [ -x "${saved}" ]; then exec "${saved}" "$@"; fi
exit 0
`;
}

/** Field 22 of proc_pid_stat(5), counted behind the name, which may hold anything. */
function startTimeOf(pid: number): string {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return stat.slice(stat.lastIndexOf(') ') + 2).split(' ')[19] ?? '';
}
