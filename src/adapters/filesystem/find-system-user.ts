import { readFile } from 'node:fs/promises';
import { AppError } from '../../domain/errors.ts';

/** Whom files of a service are given to. */
export interface SystemUser {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

/** Numbers of a local account. Throws `configuration_invalid` when this machine has none of that name. */
export async function findSystemUser(name: string): Promise<SystemUser> {
  const entry = (await readFile('/etc/passwd', 'utf8')).split('\n').find((line) => line.startsWith(`${name}:`));
  const [, , uid, gid] = entry?.split(':').map(Number) ?? [];
  if (uid !== undefined && gid !== undefined && Number.isInteger(uid) && Number.isInteger(gid))
    return { name, uid, gid };
  throw new AppError('configuration_invalid', `This machine has no user ${name}.`, {
    hint: `Make it: useradd --system --no-create-home --shell /usr/sbin/nologin ${name} (shopctl up does)`,
  });
}
