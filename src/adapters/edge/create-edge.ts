import { toAppError } from '../../domain/errors.ts';
import { SECOND } from '../../lib/time.ts';
import { applyRoutes } from './apply-routes.ts';
import { generationInPlace, mapsInPlace } from './configuration-trees.ts';
import type { ApplyResult, Edge, EdgeOptions, LiveRoute, StartResult } from './edge.ts';
import { edgeFolders } from './edge-folders.ts';
import { dialAddress } from './listen-addresses.ts';
import { findMaster, signalProcess, startNginx, untilDefined } from './nginx-process.ts';
import { createOpenedDoors } from './opened-doors.ts';
import { pageShelves, removeOtherShelves } from './page-shelves.ts';
import { prepareFolders } from './prepare-folders.ts';
import { type ProbeTarget, probeHost } from './probe-host.ts';
import { generationInEffect } from './reload-nginx.ts';
import { createRenderer } from './renderer.ts';
import { shareRuns } from './share-runs.ts';
import { areOf } from './shown-route.ts';

const FINISH_TIMEOUT = 10 * SECOND;
const END_TIMEOUT = 5 * SECOND;

/** The edge on this machine's nginx. Makes no file and starts nothing before it is asked to. */
export function createEdge(options: EdgeOptions): Edge {
  const folders = edgeFolders(options.dataDir);
  const doors = createOpenedDoors(folders);
  const renderer = createRenderer(options, folders, doors);

  const locked = <T>(work: (signal: AbortSignal) => Promise<T>, signal: AbortSignal): Promise<T> =>
    options.withLock((lost) => work(lost === undefined ? signal : AbortSignal.any([signal, lost])), signal);

  const apply = shareRuns<ApplyResult>((signal) =>
    locked(async (signal) => {
      await prepareFolders(folders, options);
      return await applyRoutes({ renderer, folders, doors }, signal);
    }, signal),
  );

  /**
   * How the configuration in effect shows a route that is kept as live; `undefined` where it leads its host elsewhere, or is
   * not all that nginx serves. Under the lock: while somebody else reloads, workers of before still serve what they know, and
   * who shuts a door writes that down before the lock is had for it. So a caller that comes late opens nothing that is to be
   * shut.
   */
  async function shownAs(route: LiveRoute, signal: AbortSignal): Promise<'live' | 'making' | undefined> {
    const generation = await generationInPlace(folders);
    if (generation === undefined || (await generationInEffect(folders, signal)) !== generation) return undefined;
    const [maps, present, kept] = await Promise.all([
      mapsInPlace(folders),
      options.certificates.present([route.hostname]),
      options.findRoute(route.hostname),
    ]);
    signal.throwIfAborted();
    if (kept?.state !== 'live' || kept.storeId !== route.storeId || kept.port !== route.port) return undefined;
    return (['live', 'making'] as const).find((state) =>
      areOf(maps, { ...route, state }, present, options.platformHost),
    );
  }

  /** The key by which the platform gets in before all others; `open` where they are let in by now. */
  const openToPlatform = (route: LiveRoute, signal: AbortSignal): Promise<{ key: string } | 'open' | undefined> =>
    locked(async (signal) => {
      const shown = await shownAs(route, signal);
      if (shown !== 'making') return shown && 'open';
      return (await doors.isOpen(route.storeId)) ? 'open' : { key: await doors.openToKey(route.storeId) };
    }, signal);

  const openToAll = (route: LiveRoute, key: string, signal: AbortSignal): Promise<boolean> =>
    locked(async (signal) => {
      const shown = await shownAs(route, signal);
      if (shown === 'making') await doors.open(route.storeId);
      await doors.forgetKey(route.storeId, key);
      return shown !== undefined;
    }, signal);

  async function openWithoutReload(route: LiveRoute, signal: AbortSignal): Promise<boolean> {
    const found = await openToPlatform(route, signal);
    if (found === undefined || found === 'open') return found === 'open';
    // Whether the page is as it should be is for who probes the shop afterwards.
    const look = { expectState: 'live', certificate: 'any', as: 'visitor' } as const;
    await probeHost({ ...(await targetOf(route.hostname)), key: found.key }, look, signal).catch(() => undefined);
    signal.throwIfAborted();
    return await openToAll(route, found.key, signal);
  }

  async function targetOf(hostname: string): Promise<ProbeTarget> {
    const { caFile } = options.certificates;
    const certificateFolder = (await options.certificates.present([hostname])).get(hostname)?.folder;
    const address = dialAddress(options.listenAddress);
    return { address, port: options.httpsPort, hostname, caFile, certificateFolder };
  }

  /** The files are right afterwards; nginx need not run. Returns what could not be done now. */
  async function settle(signal: AbortSignal): Promise<Pick<StartResult, 'refused' | 'pending'>> {
    try {
      const { refused } = await locked((signal) => renderer.settle(signal, 'test'), signal);
      return { refused, pending: undefined };
    } catch (error) {
      signal.throwIfAborted();
      await renderer.settleFromDisk(signal);
      return { refused: [], pending: toAppError(error) };
    }
  }

  async function applyIfPossible(signal: AbortSignal): Promise<Pick<StartResult, 'refused' | 'pending'>> {
    try {
      return { refused: (await apply(signal)).refused, pending: undefined };
    } catch (error) {
      signal.throwIfAborted();
      return { refused: [], pending: toAppError(error) };
    }
  }

  const removeOldPages = (): Promise<void> => removeOtherShelves(folders, pageShelves(options.pageCacheMb));

  return {
    async start(signal) {
      await prepareFolders(folders, options);
      const running = await findMaster(folders);
      if (running !== undefined) {
        const applied = await applyIfPossible(signal);
        if (applied.pending === undefined) await removeOldPages();
        return { pid: running, adopted: true, ...applied };
      }
      const settled = await settle(signal);
      await removeOldPages();
      return { pid: await startNginx(folders, signal), adopted: false, ...settled };
    },

    async stop(signal) {
      const isGone = async (): Promise<true | undefined> =>
        (await findMaster(folders)) === undefined ? true : undefined;
      for (const [name, timeoutMs] of STOP_SIGNALS) {
        const pid = await findMaster(folders);
        if (pid === undefined) return;
        signalProcess(pid, name);
        if (await untilDefined(isGone, timeoutMs, signal)) return;
      }
    },

    async isRunning() {
      const pid = await findMaster(folders);
      return pid === undefined ? undefined : { pid };
    },

    apply,

    async open(route, signal) {
      if (await openWithoutReload(route, signal)) return { refused: [], reloaded: false };
      return await apply(signal);
    },

    probe: async (hostname, probe, signal) => await probeHost(await targetOf(hostname), probe, signal),
  };
}

/** First let requests finish, then cut them, then insist. */
const STOP_SIGNALS = [
  ['SIGQUIT', FINISH_TIMEOUT],
  ['SIGTERM', END_TIMEOUT],
  ['SIGKILL', END_TIMEOUT],
] as const;
