import type { RunningProgram } from '../adapters/process/start-program.ts';
import type { ReadyView, UpInput } from '../cli/actions.ts';
import { AppError } from '../domain/errors.ts';
import { probeUntil } from '../lib/deadline.ts';
import type { Control } from './platform.ts';

/**
 * `up --detach`: starts `up` as a process that outlives us and looks over its shoulder until it is ready. Ctrl-C ends
 * the looking, not the start. Throws what the start failed with.
 */
export function createDetachedUp(parts: {
  readonly control: Control;
  readonly start: (input: { readonly demo: boolean }) => Promise<RunningProgram>;
  readonly logFile: string;
}) {
  return async function upDetached({ demo, signal, onProgress, onReady }: UpInput): Promise<void> {
    const running = await parts.start({ demo });
    let hasEnded = false;
    void running.ended.then(() => {
      hasEnded = true;
    });
    const watched = await probeUntil(
      async () => {
        const reply = await parts.control.call({ command: 'watch' }, { signal, onProgress });
        if (reply === undefined && hasEnded) throw endedEarly(parts.logFile);
        return reply;
      },
      { signal, firstDelayMs: 20, maxDelayMs: 250 },
    );
    onReady(watched.answer as ReadyView);
  };
}

const endedEarly = (logFile: string): AppError =>
  new AppError('internal_error', 'The platform ended before it was ready.', { hint: `See why: tail ${logFile}` });
