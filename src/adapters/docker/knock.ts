import { connect } from 'node:net';
import type { ContainerInspectInfo } from 'dockerode';
import { pause } from '../../lib/deadline.ts';

/** Where a container listens once it can serve. */
export interface Door {
  readonly host: string;
  readonly port: number;
}

const BETWEEN_KNOCKS_MS = 15;
/** On the same machine a connection is there or refused in less than a millisecond. */
const LONGEST_KNOCK_MS = 250;

/** The port that the image says it serves at, by the container's own address; `undefined` of one without either. */
export function doorOf({ Config, NetworkSettings }: ContainerInspectInfo): Door | undefined {
  const port = Object.keys((Config.ExposedPorts ?? {}) as object)
    .map((exposed) => /^(\d+)\/tcp$/.exec(exposed)?.[1])
    .find((number) => number !== undefined);
  const host = Object.values(NetworkSettings.Networks)
    .map(({ IPAddress }) => IPAddress)
    .find((address) => address !== '');
  return port === undefined || host === undefined ? undefined : { host, port: Number(port) };
}

/**
 * Whether somebody listens there before so many ms are over; asked every few ms, at hardly any cost. False says nothing
 * of a container that this machine has no way to. Rejects when the signal aborts.
 */
export async function opensWithin(door: Door, ms: number, signal: AbortSignal): Promise<boolean> {
  const until = performance.now() + ms;
  for (;;) {
    signal.throwIfAborted();
    if (await isOpen(door)) return true;
    if (performance.now() + BETWEEN_KNOCKS_MS > until) return false;
    await pause(BETWEEN_KNOCKS_MS, signal);
  }
}

function isOpen({ host, port }: Door): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: LONGEST_KNOCK_MS });
    const answer = (isListening: boolean) => (): void => {
      socket.destroy();
      resolve(isListening);
    };
    socket.once('connect', answer(true)).once('error', answer(false)).once('timeout', answer(false));
  });
}
