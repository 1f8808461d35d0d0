import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MINUTE } from '../../../lib/time.ts';
import { runCommand } from '../../process/run-command.ts';
import { markOf, type ServiceUnit, TARGET, UNIT_FOLDER } from './unit-files.ts';

type Unit = ServiceUnit | typeof TARGET | 'docker.service' | 'nginx.service';

/** The systemd of this machine, as far as the platform asks it. */
export interface Systemd {
  /** Is it this machine's init (sd_booted(3))? `systemctl` may be there without. */
  isRunning(): boolean;
  /** Do installed units keep the platform of this folder? */
  keeps(dataDir: string): Promise<boolean>;
  isActive(unit: Unit): Promise<boolean>;
  isEnabled(unit: Unit): Promise<boolean>;
  /** Its main process, while it has one. */
  mainPid(unit: ServiceUnit): Promise<number | undefined>;
  /** Reads changed unit files. */
  reload(signal: AbortSignal): Promise<void>;
  /** Each waits until it is done; throws `command_failed` when a unit does not come up. */
  act(
    verb: 'start' | 'stop' | 'restart' | 'enable' | 'disable',
    units: readonly Unit[],
    signal: AbortSignal,
  ): Promise<void>;
}

/** The services may bring a schema up to date before they are ready. */
const ACT_TIMEOUT_MS = 20 * MINUTE;

export function createSystemd(): Systemd {
  const isRunning = (): boolean => existsSync('/run/systemd/system');
  const isTrue = async (question: string, unit: Unit): Promise<boolean> =>
    (await runCommand('systemctl', [question, '--quiet', unit], { acceptExitCodes: [1, 3, 4] })).exitCode === 0;
  return {
    isRunning,
    async keeps(dataDir) {
      if (!isRunning()) return false;
      const text = await readFile(join(UNIT_FOLDER, TARGET), 'utf8').catch(() => '');
      return text.split('\n').includes(markOf(dataDir));
    },
    isActive: (unit) => isTrue('is-active', unit),
    isEnabled: (unit) => isTrue('is-enabled', unit),
    async mainPid(unit) {
      const { stdout } = await runCommand('systemctl', ['show', '--property=MainPID', '--value', unit]);
      const pid = Number(stdout);
      return pid > 0 ? pid : undefined;
    },
    reload: async (signal) => void (await runCommand('systemctl', ['daemon-reload'], { signal })),
    act: async (verb, units, signal) =>
      void (await runCommand('systemctl', [verb, ...units], { signal, timeoutMs: ACT_TIMEOUT_MS })),
  };
}
