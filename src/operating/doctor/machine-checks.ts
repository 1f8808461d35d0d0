import { type Check, fail, ok, START_AGAIN, warn } from './check.ts';

const LEAST_NODE = [20, 19] as const;

/** The Node that runs us. */
export const nodeCheck = (version: string): Check => ({
  name: 'node',
  async run() {
    const [major = 0, minor = 0] = version.split('.').map(Number);
    if (major > LEAST_NODE[0] || (major === LEAST_NODE[0] && minor >= LEAST_NODE[1])) return ok(`Node ${version}`);
    return fail(`Node ${version} is too old; ${LEAST_NODE.join('.')} is needed.`, 'apt-get install nodejs');
  },
});

/** Without root nothing of the platform can be changed. */
export const rootCheck = (isRoot: boolean): Check => ({
  name: 'root-rights',
  run: async () =>
    isRoot
      ? ok('running as root')
      : fail('Not running as root: containers and stores cannot be managed.', 'sudo shopctl doctor'),
});

/** Programs of the machine, each with the package that brings it. */
export const programsCheck = (
  missing: () => readonly { readonly name: string; readonly package: string }[],
): Check => ({
  name: 'programs',
  async run() {
    const lacking = missing();
    if (lacking.length === 0) return ok('every program the platform uses is there');
    const packages = [...new Set(lacking.map((program) => program.package))].join(' ');
    return fail(
      `Missing: ${lacking.map(({ name }) => name).join(', ')}.`,
      `apt-get update && apt-get install --yes ${packages}`,
    );
  },
});

/** The engine answers. */
export const engineCheck = (
  look: (signal: AbortSignal) => Promise<{ readonly version: string } | undefined>,
  isSystemd: () => boolean,
): Check => ({
  name: 'docker-engine',
  async run(signal) {
    const facts = await look(signal);
    if (facts !== undefined) return ok(`engine ${facts.version}`);
    return fail('The Docker engine does not answer.', isSystemd() ? 'systemctl start docker' : START_AGAIN);
  },
});

/** Compose and buildx. */
export const toolsCheck = (find: () => { readonly compose?: string; readonly buildx?: string }): Check => ({
  name: 'docker-tools',
  async run() {
    const { compose, buildx } = find();
    if (compose === undefined) return fail('Docker Compose is not there; no store can be made.', START_AGAIN);
    if (buildx === undefined) return warn('buildx is not there; images are built the slow way.', START_AGAIN);
    return ok(`${compose}, ${buildx}`);
  },
});

/** runc before 1.1.12 lets a container out (CVE-2024-21626); distributions mend older numbers and say so in them. */
export const runcCheck = (version: (signal: AbortSignal) => Promise<string | undefined>): Check => ({
  name: 'runc',
  async run(signal) {
    const found = await version(signal);
    if (found === undefined) return warn('The engine does not tell its runc version.', null);
    const [major = 0, minor = 0, patch = 0] = (/(\d+)\.(\d+)\.(\d+)/.exec(found)?.slice(1) ?? []).map(Number);
    const isMended =
      /(deb\d+u|ubuntu)/.test(found) || major > 1 || (major === 1 && (minor > 1 || (minor === 1 && patch >= 12)));
    if (isMended) return ok(`runc ${found}`);
    return warn(
      `runc ${found} may let a container out (CVE-2024-21626).`,
      'apt-get update && apt-get install --yes --only-upgrade runc containerd.io',
    );
  },
});

/** Databases write UTC; people read the machine's zone in other logs. */
export const timeZoneCheck = (zone: string, databaseZone: (signal: AbortSignal) => Promise<string>): Check => ({
  name: 'time-zone',
  async run(signal) {
    const found = await databaseZone(signal);
    if (found === '+00:00' || found === 'UTC') return ok(`times are kept in UTC; this machine shows ${zone}`);
    return fail(`The database answers in the time zone ${found}, not in UTC.`, START_AGAIN);
  },
});

const CLOCK_SKEW_MS = 2000;

/** Leases and certificates need clocks that agree. */
export const clockCheck = (databaseNow: (signal: AbortSignal) => Promise<Date>, now = () => new Date()): Check => ({
  name: 'clock',
  async run(signal) {
    const askedAt = now().getTime();
    const theirs = (await databaseNow(signal)).getTime();
    const ours = (askedAt + now().getTime()) / 2;
    const skewMs = Math.round(Math.abs(theirs - ours));
    if (skewMs < CLOCK_SKEW_MS) return ok('this machine and the database agree');
    return fail(
      `This machine's clock and the database's are ${(skewMs / 1000).toFixed(1)} s apart.`,
      'apt-get install --yes chrony',
    );
  },
});
