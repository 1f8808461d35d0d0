/**
 * The closed list of programs the platform may start, where they are looked for, and the Debian package that brings
 * each. Nothing outside this table can be run: there is no shell, and no program is named by input.
 */
export const PROGRAMS = {
  'apt-get': { package: 'apt', paths: ['/usr/bin/apt-get'] },
  'apt-cache': { package: 'apt', paths: ['/usr/bin/apt-cache'] },
  chown: { package: 'coreutils', paths: ['/usr/bin/chown', '/bin/chown'] },
  chromium: { package: 'chromium', paths: ['/usr/bin/chromium'] },
  cp: { package: 'coreutils', paths: ['/usr/bin/cp', '/bin/cp'] },
  'dpkg-deb': { package: 'dpkg', paths: ['/usr/bin/dpkg-deb'] },
  dpkg: { package: 'dpkg', paths: ['/usr/bin/dpkg'] },
  docker: { package: 'docker.io', paths: ['/usr/bin/docker', '/usr/local/bin/docker'] },
  certbot: { package: 'certbot', paths: ['/usr/bin/certbot', '/usr/local/bin/certbot', '/snap/bin/certbot'] },
  dockerd: { package: 'docker.io', paths: ['/usr/sbin/dockerd', '/usr/bin/dockerd'] },
  mmdebstrap: { package: 'mmdebstrap', paths: ['/usr/bin/mmdebstrap'] },
  nginx: { package: 'nginx-light', paths: ['/usr/sbin/nginx'] },
  node: { package: 'nodejs', paths: [process.execPath] },
  npm: { package: 'npm', paths: ['/usr/bin/npm', '/usr/local/bin/npm'] },
  service: { package: 'init-system-helpers', paths: ['/usr/sbin/service'] },
  setpriv: { package: 'util-linux', paths: ['/usr/bin/setpriv'] },
  sync: { package: 'coreutils', paths: ['/usr/bin/sync', '/bin/sync'] },
  systemctl: { package: 'systemd', paths: ['/usr/bin/systemctl', '/bin/systemctl'] },
  'systemd-notify': { package: 'systemd', paths: ['/usr/bin/systemd-notify', '/bin/systemd-notify'] },
  unshare: { package: 'util-linux', paths: ['/usr/bin/unshare'] },
  useradd: { package: 'passwd', paths: ['/usr/sbin/useradd'] },
} as const satisfies Record<string, { package: string; paths: readonly string[] }>;

export type ProgramName = keyof typeof PROGRAMS;
