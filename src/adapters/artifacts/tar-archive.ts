import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { type Extract, extract, type Header } from 'tar-stream';
import { type ArchiveEntry, refused } from './archive-entry.ts';

type Member = Extract extends AsyncIterable<infer T> ? T : never;

const TYPES: Readonly<Record<string, ArchiveEntry['type']>> = {
  file: 'file',
  'contiguous-file': 'file',
  directory: 'directory',
  link: 'link',
  symlink: 'link',
};

/** Walks a tar file, packed by gzip or plain. A cut-off or otherwise broken one throws `artifact_refused`. */
export async function* walkTar(file: string, signal: AbortSignal, gzipped: boolean): AsyncGenerator<ArchiveEntry> {
  const members = extract();
  const source = createReadStream(file, { signal });
  const whenDone = (): void => undefined; // the walk itself meets every error
  if (gzipped) pipeline(source, createGunzip(), members, whenDone);
  else pipeline(source, members, whenDone);
  const damaged = (error: unknown): Error => {
    if (signal.aborted) return signal.reason as Error;
    return refused(file, `is cut off or damaged (${error instanceof Error ? error.message : String(error)})`, error);
  };
  const entries = members[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await entries.next().catch((error: unknown) => {
        throw damaged(error);
      });
      if (next.done === true) return;
      const member = next.value;
      let wasRead = false;
      yield {
        path: pathOf(member.header),
        type: TYPES[member.header.type] ?? 'special',
        size: member.header.size ?? 0,
        changedAt: member.header.mtime,
        content: () => {
          wasRead = true;
          return contentOf(member, damaged);
        },
      };
      if (!wasRead) member.resume();
    }
  } finally {
    source.destroy();
    members.destroy();
  }
}

/** `./wordpress/…` is what `tar -c .` writes. */
const pathOf = (header: Header): string => header.name.replace(/^(?:\.\/)+/, '') || './';

async function* contentOf(member: Member, damaged: (error: unknown) => Error): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of member) yield chunk as Uint8Array;
  } catch (error) {
    throw damaged(error);
  }
}
