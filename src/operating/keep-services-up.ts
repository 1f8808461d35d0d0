import { toAppError } from '../domain/errors.ts';
import { pause } from '../lib/deadline.ts';
import { SECOND } from '../lib/time.ts';
import type { Platform } from './platform.ts';

const LOOK_EVERY_MS = 5 * SECOND;
/** An engine that is being restarted by somebody comes back by itself; one that does not is started by us. */
const ENGINE_AWAY_LOOKS = 4;

type KeptUp = Pick<Platform, 'ensureEngine' | 'services' | 'careForLogs'> &
  // Where a unit keeps the edge, nobody else does.
  Partial<Pick<Platform, 'edge'>>;

/**
 * Looks at engine, services and edge again and again, and puts right what is not as it should be, until the signal
 * aborts. Says each trouble once, and when it is over. Never throws.
 */
export async function keepServicesUp(
  { ensureEngine, services, edge, careForLogs }: KeptUp,
  tell: (line: string) => void,
  signal: AbortSignal,
  everyMs = LOOK_EVERY_MS,
): Promise<void> {
  let engineAway = 0;
  const troubles = new Map<string, string>();
  const look = async (name: string, put: () => Promise<unknown>): Promise<boolean> => {
    try {
      await put();
      if (troubles.delete(name)) tell(`${name}: all right again`);
      return true;
    } catch (thrown) {
      const { code, message } = toAppError(thrown);
      if (!signal.aborted && troubles.get(name) !== message) tell(`${name}: ${message}`);
      troubles.set(name, message);
      return code !== 'docker_unavailable';
    }
  };
  for (;;) {
    await pause(everyMs, signal).catch(() => undefined);
    if (signal.aborted) return;
    const isEngineThere = await look('MySQL and Redis', async () => {
      if (!(await services.areRunning())) await services.ensure(signal);
    });
    engineAway = isEngineThere ? 0 : engineAway + 1;
    if (engineAway >= ENGINE_AWAY_LOOKS) await look('Docker engine', () => ensureEngine(signal));
    if (edge) await look('Edge', () => startEdgeUnlessRunning(edge, tell, signal));
    if (careForLogs) await look('Logs', careForLogs);
  }
}

async function startEdgeUnlessRunning(
  edge: Platform['edge'],
  tell: (line: string) => void,
  signal: AbortSignal,
): Promise<void> {
  if ((await edge.isRunning()) !== undefined) return;
  tell('The edge does not run; starting it');
  await edge.start(signal);
}
