import { AppError } from '../../domain/errors.ts';
import { SECOND } from '../../lib/time.ts';
import { runCommand } from '../process/run-command.ts';
import {
  type ConfigurationTree,
  discard,
  generationInPlace,
  generationOf,
  isWhole,
  mapsInPlace,
  putInPlace,
  writeBeside,
} from './configuration-trees.ts';
import type { EdgeOptions, RefusedRoute, Route } from './edge.ts';
import type { EdgeFolders } from './edge-folders.ts';
import { findOffenders } from './find-offenders.ts';
import { listenAddresses } from './listen-addresses.ts';
import { whyRefused } from './nginx-process.ts';
import { emit } from './nginx-syntax.ts';
import type { OpenedDoors } from './opened-doors.ts';
import { renderConfig } from './render-config.ts';
import { type Maps, refuseUnwritable, renderMaps } from './render-maps.ts';

/** What came of bringing the files up to date. */
export interface Settled {
  readonly tree: ConfigurationTree;
  readonly refused: readonly RefusedRoute[];
  /** The generation that was in place before, when it is another one now. */
  readonly replaced: string | undefined;
  readonly isNew: boolean;
}

/**
 * `test`: nginx is asked about a configuration before it is put in place. `loading`: it will be told to read it at once, which
 * is the same test, and takes it or keeps what it has.
 */
export type ProvenBy = 'test' | 'loading';

export interface Renderer {
  /**
   * Puts in place what the routes say now; by test, less the hosts that nginx refuses. By loading only while nginx runs, and
   * whoever loads it puts another in its place when it is refused. Nothing changes when it throws.
   */
  settle(signal: AbortSignal, provenBy: ProvenBy): Promise<Settled>;
  /** The same without asking for routes: with the maps of last time or, if nginx refuses those, with none. */
  settleFromDisk(signal: AbortSignal): Promise<void>;
}

const VERSION_TIMEOUT = 10 * SECOND;
const PLACEHOLDER_GENERATION = '0'.repeat(16);

type Present = Awaited<ReturnType<EdgeOptions['certificates']['present']>>;

export function createRenderer(options: EdgeOptions, folders: EdgeFolders, doors: OpenedDoors): Renderer {
  const { certificates, platformHost } = options;
  let http2: Promise<'directive' | 'parameter'> | undefined;
  /** Host names refused before: asked one by one again, but without halving everything each time. */
  let suspects: ReadonlySet<string> = new Set();

  async function treeOf(maps: Maps, hostCount: number): Promise<ConfigurationTree> {
    const facts = {
      folders,
      fallbackCertificate: certificates.fallback,
      user: options.user,
      httpPort: options.httpPort,
      httpsPort: options.httpsPort,
      addresses: listenAddresses(options.listenAddress),
      platformHost,
      webPort: options.webPort,
      hostCount,
      pageCacheMb: options.pageCacheMb,
      http2: await (http2 ??= http2Syntax()),
    };
    const filesFor = (generation: string): Maps => ({
      ...maps,
      'nginx.conf': emit(renderConfig({ ...facts, generation })),
    });
    const generation = generationOf(filesFor(PLACEHOLDER_GENERATION));
    return { generation, files: filesFor(generation) };
  }

  /** Shops must not stay away because the panel's name cannot have a certificate: it is served the fallback, and named. */
  async function ensureOwnCertificates(signal: AbortSignal): Promise<RefusedRoute[]> {
    await certificates.ensureFallback(signal);
    try {
      await certificates.ensure(platformHost, signal);
      return [];
    } catch (error) {
      if (error instanceof AppError && error.code === 'certificate_failed')
        return [{ hostname: platformHost, reason: error.message }];
      throw error;
    }
  }

  const treeWith = (routes: readonly Route[], present: Present): Promise<ConfigurationTree> =>
    treeOf(renderMaps({ routes, platformHost, certificates: present }), routes.length);

  /** Written beside, tested, removed again. */
  async function reasonAgainst(tree: ConfigurationTree, signal: AbortSignal): Promise<string | undefined> {
    const folder = await writeBeside(folders, tree);
    try {
      return await whyRefused(folders, `${folder}/nginx.conf`, signal);
    } finally {
      await discard(folder);
    }
  }

  /** Puts the tree in place if nginx takes it; returns why it does not. One that is there may never have been loaded. */
  async function tryTree(tree: ConfigurationTree, signal: AbortSignal, provenBy: ProvenBy = 'test'): Promise<Attempt> {
    const reasonOf = async (folder: string): Promise<string | undefined> =>
      provenBy === 'test' ? await whyRefused(folders, `${folder}/nginx.conf`, signal) : undefined;
    const inPlace = await generationInPlace(folders);
    if (inPlace === tree.generation && (await isWhole(folders, tree))) {
      const reason = await reasonOf(folders.current);
      return reason === undefined ? { isNew: false, replaced: undefined } : { reason };
    }
    const folder = await writeBeside(folders, tree);
    try {
      const reason = await reasonOf(folder);
      if (reason !== undefined) return { reason };
      return { isNew: true, replaced: await putInPlace(folders, tree, folder) };
    } finally {
      await discard(folder);
    }
  }

  async function withoutOffenders(routes: readonly Route[], present: Present, signal: AbortSignal): Promise<Settled> {
    const ask = async (some: readonly Route[]): Promise<string | undefined> =>
      await reasonAgainst(await treeWith(some, present), signal);
    const againstNone = await ask([]);
    if (againstNone !== undefined) throw refusedWhole(againstNone);
    // What was refused last time is asked last, so that halving meets it in one corner.
    const ordered = routes.toSorted((a, b) => Number(suspects.has(a.hostname)) - Number(suspects.has(b.hostname)));
    const { accepted, refused } = await findOffenders(ordered, ask);
    suspects = new Set(refused.map(({ hostname }) => hostname));
    const tree = await treeWith(accepted, present);
    const attempt = await tryTree(tree, signal);
    if ('reason' in attempt) throw refusedWhole(attempt.reason);
    return { tree, refused, ...attempt };
  }

  return {
    async settle(signal, provenBy) {
      const unsecured = await ensureOwnCertificates(signal);
      const { writable, refused: unwritable } = refuseUnwritable(await options.listRoutes(), platformHost);
      // A door that was opened and is meant to be shut again must not stand open by its old mark.
      const live = new Set(writable.flatMap(({ storeId, state }) => (state === 'live' ? [storeId] : [])));
      await doors.keepOnly((storeId) => live.has(storeId));
      const refused = [...unsecured, ...unwritable];
      const present = await certificates.present([platformHost, ...writable.map((route) => route.hostname)]);
      signal.throwIfAborted();
      const tree = await treeWith(writable, present);
      // Where hosts were refused before, they will be again.
      const attempt = await tryTree(tree, signal, suspects.size > 0 ? 'test' : provenBy);
      if (!('reason' in attempt)) return { tree, refused, ...attempt };
      const settled = await withoutOffenders(writable, present, signal);
      return { ...settled, refused: [...refused, ...settled.refused] };
    },

    async settleFromDisk(signal) {
      await ensureOwnCertificates(signal);
      const none = renderMaps({ routes: [], platformHost, certificates: await certificates.present([platformHost]) });
      const known = { ...none, ...(await mapsInPlace(folders)) };
      const hostCount = known['states.map']?.split('\n').length ?? 0;
      if (!('reason' in (await tryTree(await treeOf(known, hostCount), signal)))) return;
      const attempt = await tryTree(await treeOf(none, 0), signal);
      if ('reason' in attempt) throw refusedWhole(attempt.reason);
    },
  };
}

type Attempt = { readonly reason: string } | { readonly isNew: boolean; readonly replaced: string | undefined };

async function http2Syntax(): Promise<'directive' | 'parameter'> {
  const { stderr } = await runCommand('nginx', ['-v'], { timeoutMs: VERSION_TIMEOUT });
  const [, major, minor, patch] = (/nginx\/(\d+)\.(\d+)\.(\d+)/.exec(stderr) ?? []).map(Number);
  if (major === undefined || minor === undefined || patch === undefined) return 'parameter';
  return major > 1 || minor > 25 || (minor === 25 && patch >= 1) ? 'directive' : 'parameter';
}

function refusedWhole(reason: string): AppError {
  return new AppError('route_refused', `nginx refuses the edge's configuration: ${reason}`, {
    hint: 'The old configuration serves on. Run: shopctl doctor',
    retryable: true,
    logTail: reason,
  });
}
