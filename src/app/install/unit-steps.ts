import type { Releases } from '../../adapters/host/releases/releases.ts';
import type { Systemd } from '../../adapters/host/systemd/systemd.ts';
import { SERVICES, type ServiceUnit, TARGET, type UnitFile } from '../../adapters/host/systemd/unit-files.ts';
import { AppError } from '../../domain/errors.ts';
import { probeUntil } from '../../lib/deadline.ts';
import { MINUTE, SECOND } from '../../lib/time.ts';
import type { InstallStep } from '../../operating/install/install.ts';
import { fileStep } from './machine-steps.ts';

const UNIT_MODE = 0o644;
const READY_WITHIN_MS = 3 * MINUTE;
const SERVICES_UNIT: ServiceUnit = 'shophosting-services.service';
const EDGE_UNIT: ServiceUnit = 'shophosting-edge.service';
const ALL = [TARGET, ...SERVICES] as const;

interface Parts {
  readonly systemd: Systemd;
  readonly releases: Releases;
  readonly units: readonly UnitFile[];
  /** Is a edge at work, whoever started it? */
  readonly isEdgeRunning: () => Promise<boolean>;
  readonly stopEdge: (signal: AbortSignal) => Promise<void>;
  readonly isReady: () => Promise<boolean>;
}

/** Release, unit files, and everything that systemd then has to be told; ends when the platform is ready. */
export function unitSteps(parts: Parts): InstallStep[] {
  const { systemd, releases } = parts;
  const changed = new Set<string>();
  /** Steps that come later ask what earlier ones found. */
  const noting = (name: string, step: InstallStep): InstallStep => ({
    ...step,
    async look() {
      const lines = await step.look();
      if (lines.length > 0) changed.add(name);
      return lines;
    },
  });
  const isChanged = (unit: string): boolean =>
    parts.units.some(({ path }) => path.endsWith(`/${unit}`) && changed.has(path));

  async function toStart(): Promise<{ start: ServiceUnit[]; restart: ServiceUnit[] }> {
    const start: ServiceUnit[] = [];
    const restart: ServiceUnit[] = [];
    for (const unit of SERVICES) {
      if (!(await systemd.isActive(unit))) start.push(unit);
      // nginx goes on over a new release: its worker processes know nothing of ours.
      else if (isChanged(unit) || (changed.has('release') && unit !== EDGE_UNIT)) restart.push(unit);
    }
    return { start, restart };
  }

  return [
    noting('release', releaseStep(releases)),
    ...parts.units.map((unit) => noting(unit.path, fileStep({ ...unit, mode: UNIT_MODE }))),
    {
      what: 'systemctl daemon-reload',
      look: async () =>
        parts.units.some(({ path }) => changed.has(path)) ? ['+ systemd reads the changed units'] : [],
      apply: (signal) => systemd.reload(signal),
    },
    {
      what: `systemctl enable ${TARGET}`,
      async look() {
        const enabled = await Promise.all(ALL.map((unit) => systemd.isEnabled(unit)));
        return ALL.filter((_unit, at) => enabled[at] !== true).map((unit) => `+ enable ${unit}`);
      },
      apply: (signal) => systemd.act('enable', ALL, signal),
    },
    {
      what: 'edge',
      look: async () =>
        !(await systemd.isActive(EDGE_UNIT)) && (await parts.isEdgeRunning())
          ? ['- the edge that shopctl up started; its unit starts it anew']
          : [],
      apply: parts.stopEdge,
    },
    {
      what: `systemctl start ${TARGET}`,
      async look() {
        const { start, restart } = await toStart();
        return [...start.map((unit) => `+ start ${unit}`), ...restart.map((unit) => `+ restart ${unit}`)];
      },
      async apply(signal) {
        const { start, restart } = await toStart();
        // A restart of a unit that does not run starts it; the services come first and end last.
        const first = [...start, ...restart].includes(SERVICES_UNIT) ? [SERVICES_UNIT] : [];
        for (const group of [first, [...start, ...restart].filter((unit) => unit !== SERVICES_UNIT)]) {
          if (group.length > 0) await systemd.act('restart', group, signal);
        }
        await systemd.act('start', [TARGET], signal);
        await untilReady(parts.isReady, signal);
      },
    },
  ];
}

function releaseStep(releases: Releases): InstallStep {
  return {
    what: 'release',
    async look() {
      const { id, folder, isCurrent } = await releases.look();
      return isCurrent ? [] : [`+ ${folder}`, `+ current → ${id}`];
    },
    apply: async (signal) => void (await releases.ensure(signal)),
  };
}

async function untilReady(isReady: () => Promise<boolean>, signal: AbortSignal): Promise<void> {
  const deadline = AbortSignal.timeout(READY_WITHIN_MS);
  try {
    await probeUntil(async () => ((await isReady()) ? true : undefined), {
      signal: AbortSignal.any([signal, deadline]),
      firstDelayMs: 200,
      maxDelayMs: SECOND,
    });
  } catch (error) {
    signal.throwIfAborted();
    throw new AppError(
      'internal_error',
      `The units are installed, but not everything is up after ${READY_WITHIN_MS / SECOND} s.`,
      {
        cause: error,
        hint: 'See: shopctl status, shopctl doctor, journalctl --unit "shophosting-*"',
      },
    );
  }
}
