import { chmod, chown, mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type Docker from 'dockerode';
import { writeFileAtomically } from '../filesystem/write-file-atomically.ts';
import { execInContainer } from './exec-in-container.ts';
import type { ServiceSpec } from './platform-service-specs.ts';

/**
 * Which folder it is that lies somewhere; `undefined` when none does. Made again it is another one, for sure as long as
 * some process has the old one.
 */
export type FolderIdentity = bigint | undefined;

/** Makes what a service mounts, with owner, mode and secrets; what is there stays. Returns which data folder it is. */
export async function layOutFolders(
  spec: ServiceSpec,
  { uid, gid }: { readonly uid: number; readonly gid: number },
): Promise<FolderIdentity> {
  let data: FolderIdentity;
  for (const [folder, mode] of [
    [spec.dataFolder, 0o700],
    [spec.secretsFolder, 0o500],
  ] as const) {
    await mkdir(folder, { recursive: true, mode });
    await chown(folder, uid, gid);
    await chmod(folder, mode);
    if (folder === spec.dataFolder) data = await identityOf(folder);
  }
  for (const [name, content] of Object.entries(spec.secrets)) {
    await writeFileAtomically(join(spec.secretsFolder, name), content, { mode: 0o400, uid, gid });
  }
  return data;
}

export const identityOf = (folder: string): Promise<FolderIdentity> =>
  stat(folder, { bigint: true }).then(
    ({ ino }) => ino,
    () => undefined,
  );

/**
 * Does the running container write to another folder than this? One that was deleted or moved away from under it, it
 * serves on in, but nothing of what it writes is there at its next start. `false` when it cannot be asked.
 */
export async function writesElsewhere(
  docker: Docker,
  { options: { name }, mountedAt }: ServiceSpec,
  folder: FolderIdentity,
  signal: AbortSignal,
): Promise<boolean> {
  const options = { signal, workingFolder: '/' };
  const asked = await execInContainer(docker, name, ['stat', '-c', '%i', mountedAt], options).catch(() => undefined);
  signal.throwIfAborted();
  return asked?.exitCode === 0 && asked.output.trim() !== String(folder);
}
