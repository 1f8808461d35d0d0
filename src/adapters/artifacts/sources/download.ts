import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { AppError } from '../../../domain/errors.ts';
import { MINUTE, SECOND } from '../../../lib/time.ts';
import { refused } from '../archive-entry.ts';
import type { DownloadSource } from '../catalogue.ts';
import { recognise, walkOf } from '../recognise.ts';
import { type Fetched, type SourceRoom, unreachable } from './source.ts';

/** A vendor that can be reached answers in a second; a closed machine shall find out soon. */
const FIRST_ANSWER_MS = 6 * SECOND;
const WHOLE_DOWNLOAD_MS = 15 * MINUTE;
const MAX_DOWNLOAD = 1_000_000_000;
const MAX_SUMS = 8_000_000;

/**
 * Fetches the vendor's file and checks it: by the operator's `pin`, else by ours, else by what the vendor publishes. Throws `artifact_missing`
 * (retryable) when the vendor cannot be reached, `artifact_refused` when the file is not the one it should be.
 */
export async function download(source: DownloadSource, room: SourceRoom, pin?: string): Promise<Fetched> {
  const { host } = new URL(source.url);
  room.onProgress(`Asking ${host} for ${source.url}`);
  const file = join(room.work, 'download');
  const sums = { sha256: createHash('sha256'), sha1: createHash('sha1'), sha512: createHash('sha512') };
  const response = await ask(source.url, room.signal);
  let size = 0;
  async function* watched(): AsyncGenerator<Uint8Array> {
    for await (const chunk of response.body ?? []) {
      size += chunk.length;
      if (size > MAX_DOWNLOAD) throw refused(source.url, 'is longer than any application');
      sums.sha256.update(chunk);
      sums.sha1.update(chunk);
      sums.sha512.update(chunk);
      yield chunk;
    }
  }
  await pipeline(Readable.from(watched()), createWriteStream(file), { signal: room.signal }).catch((error: unknown) => {
    throw error instanceof AppError ? error : unreachable(source.url, error);
  });
  const wanted = pin ?? source.sha256;
  if (wanted !== undefined) {
    const sha256 = sums.sha256.digest('hex');
    if (sha256 !== wanted) throw refused(source.url, `has the sha256 ${sha256}, not ${wanted}`);
    return { file, from: host, checkedBy: pin === undefined ? 'sha256 of our catalogue' : 'sha256 of your settings' };
  }
  if (source.published === undefined) throw refused(source.url, 'can be checked by nothing');
  const list = await textAt(source.published.url, room.signal);
  if (source.published.form === 'plugin-checksums') {
    await checkFiles(file, source, list, room.signal);
    return { file, from: host, checkedBy: 'sums of all files published by the vendor' };
  }
  const algorithm = source.published.form === 'sha1-file' ? 'sha1' : 'sha512';
  const [published = ''] = list.trim().split(/\s/);
  const actual = sums[algorithm].digest('hex');
  if (actual !== published.toLowerCase())
    throw refused(source.url, `has the ${algorithm} ${actual}, not the published ${published}`);
  return { file, from: host, checkedBy: `${algorithm} published by the vendor` };
}

/** Every file against the vendor's list, and none besides. */
async function checkFiles(file: string, source: DownloadSource, list: string, signal: AbortSignal): Promise<void> {
  const published = readPublished(list);
  if (published === undefined) throw refused(source.url, 'has no readable list of sums at the vendor');
  const { top } = await recognise(file, signal);
  const walk = await walkOf(file);
  let seen = 0;
  for await (const member of walk?.(file, signal) ?? []) {
    if (member.type !== 'file') continue;
    const sum = createHash('sha256');
    for await (const chunk of member.content()) sum.update(chunk);
    const path = member.path.slice(top === '' ? 0 : top.length + 1);
    if (published.get(path)?.includes(sum.digest('hex')) !== true) {
      throw refused(source.url, `holds a ${JSON.stringify(path)} that is not the vendor's`);
    }
    seen += 1;
  }
  if (seen !== published.size) throw refused(source.url, `holds ${seen} of the vendor's ${published.size} files`);
}

/** `{files: {path: {sha256: "…" | ["…", …]}}}`. */
function readPublished(text: string): Map<string, readonly string[]> | undefined {
  try {
    const { files } = JSON.parse(text) as { files?: Record<string, { sha256?: string | string[] }> };
    if (files === undefined) return undefined;
    return new Map(Object.entries(files).map(([path, { sha256 }]) => [path, [sha256 ?? []].flat()]));
  } catch {
    return undefined;
  }
}

async function textAt(url: string, signal: AbortSignal): Promise<string> {
  const response = await ask(url, signal);
  const text = await response.text().catch((error: unknown) => {
    throw unreachable(url, error);
  });
  if (text.length > MAX_SUMS) throw refused(url, 'is far too long');
  return text;
}

async function ask(url: string, signal: AbortSignal): Promise<Response> {
  const noAnswer = new AbortController();
  const timer = setTimeout(() => noAnswer.abort(new DOMException('no answer', 'TimeoutError')), FIRST_ANSWER_MS);
  const whole = AbortSignal.timeout(WHOLE_DOWNLOAD_MS);
  try {
    const response = await fetch(url, {
      signal: AbortSignal.any([signal, noAnswer.signal, whole]),
      redirect: 'follow',
    });
    if (!response.ok)
      throw new AppError('artifact_missing', `${url} answered ${response.status}.`, { retryable: true });
    return response;
  } catch (error) {
    signal.throwIfAborted();
    throw error instanceof AppError ? error : unreachable(url, error);
  } finally {
    clearTimeout(timer);
  }
}
