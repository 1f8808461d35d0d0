import { AppError } from '../../domain/errors.ts';

/** One member of an archive while it is walked. Content must be read, or skipped, before the next one comes. */
export interface ArchiveEntry {
  readonly path: string;
  readonly type: 'file' | 'directory' | 'link' | 'special';
  /** Bytes, as the archive claims: enough to stop early, never to believe. */
  readonly size: number;
  /** When it was last changed, as the archive claims; any moment at all. */
  readonly changedAt: Date | undefined;
  /** Bytes as they come out; ends with an error when the member is damaged. */
  content(): AsyncIterable<Uint8Array>;
}

/** An archive as a walk through its members, in the order they are stored. */
export type ArchiveWalk = (file: string, signal: AbortSignal) => AsyncGenerator<ArchiveEntry>;

const MAX_PATH = 1024;

/** An archive that will not be used, and why. The reason is a clause: "holds a link". */
export function refused(archive: string, reason: string, cause?: unknown): AppError {
  return new AppError('artifact_refused', `${archive} is refused: it ${reason}.`, {
    cause,
    hint: 'Put a fresh copy from the vendor there: shopctl artifacts add FILE',
  });
}

/**
 * Where a member belongs below the folder it is unpacked to, or the reason why it belongs nowhere. `folder` is the top
 * folder that every path must begin with; an empty one means that there is none. Only ordinary relative paths of files
 * and folders pass: nothing an archive says can reach outside.
 */
export function placeOf(
  entry: Pick<ArchiveEntry, 'path' | 'type'>,
  folder: string,
): { place: string } | { reason: string } {
  const { path, type } = entry;
  const shown = JSON.stringify(path.length > 120 ? `${path.slice(0, 120)}…` : path);
  if (type === 'link') return { reason: `holds a link (${shown})` };
  if (type === 'special') return { reason: `holds a device or another special file (${shown})` };
  if (path.length > MAX_PATH) return { reason: `holds a path of ${path.length} characters` };
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  if (/[\u0000-\u001f\u007f\\]/.test(path)) return { reason: `holds a path with a forbidden character (${shown})` };
  // `tar -c .` writes the folder it stands in.
  if (path === './' && folder === '') return { place: '' };
  const parts = path.replace(/\/$/, '').split('/');
  if (parts.some((part) => part === '' || part === '.' || part === '..')) {
    return { reason: `holds a path that leads outside (${shown})` };
  }
  if (folder === '') return { place: parts.join('/') };
  if (parts[0] !== folder) return { reason: `holds something outside ${folder}/ (${shown})` };
  if (parts.length === 1 && type === 'file') return { reason: `is a file where the folder ${folder}/ should be` };
  return { place: parts.slice(1).join('/') };
}
