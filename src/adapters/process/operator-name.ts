import { userInfo } from 'node:os';

const SYSTEM_USER = /^[a-z_][a-z0-9_.-]{0,31}$/i;

/** Who sits at the command line: the one who became root by `sudo`, else the system's user. Told, not proven. */
export function operatorName(): string {
  const before = process.env['SUDO_USER'] ?? '';
  return SYSTEM_USER.test(before) ? before : userInfo().username;
}
