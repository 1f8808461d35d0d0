import { AppError } from '../../domain/errors.ts';
import { MINUTE } from '../../lib/time.ts';
import { keepOnly, pointTo } from './configuration-trees.ts';
import type { ApplyResult } from './edge.ts';
import type { EdgeFolders } from './edge-folders.ts';
import { findMaster, signalProcess } from './nginx-process.ts';
import type { OpenedDoors } from './opened-doors.ts';
import { generationInEffect, notRunning, reloadNginx } from './reload-nginx.ts';
import type { Renderer, Settled } from './renderer.ts';

/** A worker of before hears no more of whoever has not asked by then. */
const HANDSHAKE_WITHIN = MINUTE;

interface Parts {
  readonly renderer: Renderer;
  readonly folders: EdgeFolders;
  readonly doors: OpenedDoors;
}

/**
 * Files first, then nginx. Compares what is wanted with what the running workers say, not with what was done before:
 * a crash between swapping files and reloading is made good by whoever comes next.
 */
export async function applyRoutes({ renderer, folders, doors }: Parts, signal: AbortSignal): Promise<ApplyResult> {
  const isRunning = (await findMaster(folders)) !== undefined;
  const settled = await renderer.settle(signal, isRunning ? 'loading' : 'test');
  if (!isRunning) throw notRunning();
  const isInEffect = !settled.isNew && (await generationInEffect(folders, signal)) === settled.tree.generation;
  const { tree, refused } = isInEffect ? settled : await load(settled, { renderer, folders }, signal);
  const { generation } = tree;
  // Nothing names a deleted store any more: the tree to go back to goes as soon as nobody can want it back.
  await keepOnly(folders, [generation]);
  // What was opened is live in this configuration by itself, or is not live any more. But a visitor who is still shaking
  // hands with a worker of before is answered by it, and is not to be told that the shop is being made.
  await doors.forget(HANDSHAKE_WITHIN);
  return { refused, generation, reloaded: !isInEffect };
}

/** Has nginx read what was settled. What it refuses is taken back, and what its own test leaves of it is read instead. */
async function load(
  settled: Settled,
  { renderer, folders }: Omit<Parts, 'doors'>,
  signal: AbortSignal,
): Promise<Settled> {
  try {
    await reloadOrGoBack(settled, folders, signal);
    return settled;
  } catch (error) {
    if (!isRefusal(error)) throw error;
    const tested = await renderer.settle(signal, 'test');
    if (tested.tree.generation === settled.tree.generation) {
      // It is none of the hosts.
      await goBack(tested, folders);
      throw error;
    }
    await reloadOrGoBack(tested, folders, signal);
    return tested;
  }
}

async function reloadOrGoBack(settled: Settled, folders: EdgeFolders, signal: AbortSignal): Promise<void> {
  try {
    await reloadNginx(folders, settled.tree.generation, signal);
  } catch (error) {
    if (isRefusal(error)) await goBack(settled, folders);
    throw error;
  }
}

async function goBack({ tree, replaced }: Settled, folders: EdgeFolders): Promise<void> {
  if (replaced === undefined || replaced === tree.generation) return;
  await pointTo(folders, replaced);
  // It may only have been slow: then this makes it go back to what it served.
  const master = await findMaster(folders);
  if (master !== undefined) signalProcess(master, 'SIGHUP');
}

const isRefusal = (error: unknown): boolean => error instanceof AppError && error.code === 'route_refused';
