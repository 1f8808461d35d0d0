import type Docker from 'dockerode';
import { AppError } from '../../../domain/errors.ts';
import { SECOND } from '../../../lib/time.ts';
import { toEngineError } from '../docker-client.ts';
import { followEngine } from './engine-progress.ts';

/** A registry that is there answers in a second or two; a closed machine shall find out soon. */
const FIRST_ANSWER_MS = 8 * SECOND;
/** Between two lines of a pull that goes on. */
const SILENCE_MS = 60 * SECOND;

/**
 * Pulls an image. Throws `image_missing` (retryable) within seconds when no registry answers or it does not have the
 * image; nothing is left behind then.
 */
export async function pullImage(docker: Docker, reference: string, signal: AbortSignal): Promise<void> {
  const silence = new AbortController();
  const wait = (ms: number): NodeJS.Timeout =>
    setTimeout(() => silence.abort(notHad(reference, `no answer within ${ms / SECOND} s`)), ms);
  let timer = wait(FIRST_ANSWER_MS);
  const both = AbortSignal.any([signal, silence.signal]);
  try {
    // Without a tag the engine would pull every one there is.
    const stream = await docker.pull(withTag(reference), { abortSignal: both });
    const onLine = (): void => {
      clearTimeout(timer);
      timer = wait(SILENCE_MS);
    };
    await followEngine(docker, `Pulling ${reference}`, stream, { signal: both, onLine });
  } catch (error) {
    signal.throwIfAborted();
    if (silence.signal.aborted) throw silence.signal.reason as AppError;
    const failure = toEngineError(`Pulling ${reference}`, error);
    if (failure.code === 'docker_unavailable' || failure.code === 'disk_full') throw failure;
    throw notHad(reference, failure.message, error);
  } finally {
    clearTimeout(timer);
  }
}

/** `debian` → `debian:latest`; `host:5000/name`, which has no tag either, too. */
export function withTag(reference: string): string {
  const last = reference.split('/').at(-1) ?? reference;
  return /[:@]/.test(last) ? reference : `${reference}:latest`;
}

function notHad(reference: string, said: string, cause?: unknown): AppError {
  return new AppError('image_missing', `${reference} could not be pulled: ${said}`, {
    cause,
    retryable: true,
    hint: `Check that this machine reaches the registry (docker pull ${reference}), or load it: docker load < FILE`,
  });
}
