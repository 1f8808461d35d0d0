import { readFile } from 'node:fs/promises';
import type { ContainerInspectInfo } from 'dockerode';
import type { ServiceLimits } from '../../domain/limits.ts';

export interface ExpectedProfile {
  readonly uid: number;
  readonly limits: ServiceLimits;
  /** The only port that may be published, on loopback; none for all but the front service. */
  readonly publishedPort: number | undefined;
}

/**
 * Compares what really runs with the one profile all stores have, by the engine's own words and by the kernel's
 * (`/proc/PID/status`, proc(5)). Returns what differs, in words; empty means it holds.
 */
export async function profileDifferences(info: ContainerInspectInfo, expected: ExpectedProfile): Promise<string[]> {
  const { HostConfig: host, Config: config } = info;
  const user = `${expected.uid}:${expected.uid}`;
  const checks: [string, unknown, unknown][] = [
    ['user', config.User, user],
    ['read-only root', host.ReadonlyRootfs, true],
    ['privileged', host.Privileged, false],
    ['dropped capabilities', host.CapDrop?.join(), 'ALL'],
    ['added capabilities', host.CapAdd?.length ?? 0, 0],
    ['no-new-privileges', host.SecurityOpt?.some((option: string) => option.startsWith('no-new-privileges')), true],
    ['memory', host.Memory, expected.limits.memoryBytes],
    ['memory and swap', host.MemorySwap, expected.limits.memoryBytes],
    ['cpu', host.NanoCpus, expected.limits.nanoCpus],
    ['process limit set', (host.PidsLimit ?? 0) > 0, true],
    ['log size limited', host.LogConfig?.Config?.['max-size'] !== undefined, true],
    [
      'published ports',
      publishedPorts(info),
      expected.publishedPort === undefined ? '' : `127.0.0.1:${expected.publishedPort}`,
    ],
  ];
  const differences = checks
    .filter(([, actual, wanted]) => actual !== wanted)
    .map(([name, actual, wanted]) => `${name} is ${String(actual)}, not ${String(wanted)}`);
  return [...differences, ...(await kernelDifferences(info.State.Pid, expected.uid))];
}

function publishedPorts(info: ContainerInspectInfo): string {
  const bindings = Object.values(
    (info.HostConfig.PortBindings ?? {}) as Record<string, { HostIp: string; HostPort: string }[]>,
  );
  return bindings
    .flat()
    .map(({ HostIp, HostPort }) => `${HostIp}:${HostPort}`)
    .join();
}

async function kernelDifferences(pid: number, uid: number): Promise<string[]> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => undefined);
  // The engine may run on another machine's kernel or the process be gone by now; the engine's words then stand alone.
  if (status === undefined) return [];
  const value = (key: string): string => new RegExp(`^${key}:\\s*(\\S+)`, 'm').exec(status)?.[1] ?? '';
  const wanted: [string, string][] = [
    ['CapEff', '0000000000000000'],
    ['CapBnd', '0000000000000000'],
    ['NoNewPrivs', '1'],
    ['Seccomp', '2'],
    ['Uid', String(uid)],
  ];
  return wanted
    .filter(([key, want]) => value(key) !== want)
    .map(([key, want]) => `${key} is ${value(key)}, not ${want}`);
}
