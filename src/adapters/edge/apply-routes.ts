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

/**
 * Files first, then nginx. Compares what is wanted with what the running workers say, not with what was done before:
 * a crash between swapping files and reloading is made good by whoever comes next.
 */
export async function applyRoutes(
  { renderer, folders, doors }: { renderer: Renderer; folders: EdgeFolders; doors: OpenedDoors },
  signal: AbortSignal,
): Promise<ApplyResult> {
  const settled = await renderer.settle(signal);
  const { generation } = settled.tree;
  const result = { refused: settled.refused, generation };
  if ((await findMaster(folders)) === undefined) throw notRunning();
  const isInEffect = !settled.isNew && (await generationInEffect(folders, signal)) === generation;
  if (!isInEffect) await reloadOrGoBack(settled, folders, signal);
  // Nothing names a deleted store any more: the tree to go back to goes as soon as nobody can want it back.
  await keepOnly(folders, [generation]);
  // What was opened is live in this configuration by itself, or is not live any more. But a visitor who is still shaking
  // hands with a worker of before is answered by it, and is not to be told that the shop is being made.
  await doors.forget(HANDSHAKE_WITHIN);
  return { ...result, reloaded: !isInEffect };
}

async function reloadOrGoBack(settled: Settled, folders: EdgeFolders, signal: AbortSignal): Promise<void> {
  try {
    await reloadNginx(folders, settled.tree.generation, signal);
  } catch (error) {
    const isRefused = error instanceof AppError && error.code === 'route_refused';
    if (isRefused && settled.replaced !== undefined && settled.replaced !== settled.tree.generation) {
      await pointTo(folders, settled.replaced);
      // It may only have been slow: then this makes it go back to what it served.
      const master = await findMaster(folders);
      if (master !== undefined) signalProcess(master, 'SIGHUP');
    }
    throw error;
  }
}
