import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { ContainerCreateOptions } from 'dockerode';

export const PLATFORM_SERVICES = ['mysql', 'redis'] as const;
export type PlatformService = (typeof PLATFORM_SERVICES)[number];

/** What one of the platform's own containers is made of; nothing here is secret but `secrets`. */
export interface ServiceSpec {
  readonly service: PlatformService;
  /** Below `DATA_DIR`; owned by the platform's user. */
  readonly dataFolder: string;
  readonly secretsFolder: string;
  readonly secrets: Readonly<Record<string, string>>;
  /** Where the container has its data folder. */
  readonly mountedAt: string;
  /** Nothing is in it that is not in MySQL too: it may begin anew over an empty folder. */
  readonly mayBeEmptied: boolean;
  readonly options: ContainerCreateOptions & { readonly name: string };
}

export interface ServiceSettings {
  readonly instanceId: string;
  readonly dataDir: string;
  /** Its first /27 is the platform's network. */
  readonly storeSubnets: string;
  /** Absent where the operator runs it. */
  readonly mysql?: {
    readonly port: number;
    readonly rootPassword: string;
    readonly admin: { readonly user: string; readonly password: string };
  };
  readonly redis?: { readonly port: number; readonly password: string };
}

const MIB = 1024 * 1024;
/** The label that tells whether a container is still what it should be. */
export const SPEC_LABEL = 'shophosting.spec';

export const networkNameOf = (instanceId: string): string => `shophosting-${instanceId}`;
export const containerNameOf = (instanceId: string, service: PlatformService): string =>
  `shophosting-${instanceId}-${service}`;

/** The first /27 of the block, and the addresses in it. */
export function platformNetworkOf(storeSubnets: string) {
  const base = storeSubnets.slice(0, storeSubnets.indexOf('/'));
  const at = (host: number): string => base.replace(/\d+$/, (last) => String(Number(last) + host));
  return { subnet: `${base}/27`, gateway: at(1), addresses: { mysql: at(2), redis: at(3) } };
}

/** The containers the platform needs here: both, one or none. `imageIds` holds an id for each of them. */
export function serviceSpecs(
  settings: ServiceSettings,
  user: { readonly uid: number; readonly gid: number },
  imageIds: Readonly<Record<PlatformService, string>>,
): ServiceSpec[] {
  const specs: ServiceSpec[] = [];
  if (settings.mysql) {
    specs.push(
      specOf('mysql', settings, user, imageIds.mysql, {
        port: settings.mysql.port,
        inside: 3306,
        memoryBytes: 768 * MIB,
        pids: 256,
        mountedAt: '/var/lib/mysql',
        environment: [],
        // `init.sql` runs at every start: it puts a lost or changed password right.
        secrets: { 'db-root-password': settings.mysql.rootPassword, 'init.sql': initSql(settings.mysql.admin) },
        tmpfs: {
          '/tmp': 'rw,noexec,nosuid,nodev,size=256m,mode=1777',
          '/run/mysqld': `rw,noexec,nosuid,nodev,size=16m,mode=0700,uid=${user.uid},gid=${user.gid}`,
        },
      }),
    );
  }
  if (settings.redis) {
    specs.push(
      specOf('redis', settings, user, imageIds.redis, {
        port: settings.redis.port,
        inside: 6379,
        memoryBytes: 256 * MIB,
        pids: 64,
        mountedAt: '/data',
        environment: ['REDIS_MODE=queue'],
        secrets: { 'redis-password': settings.redis.password },
        tmpfs: { '/tmp': 'rw,noexec,nosuid,nodev,size=16m,mode=1777' },
      }),
    );
  }
  return specs;
}

interface ServiceFacts {
  readonly port: number;
  readonly inside: number;
  readonly memoryBytes: number;
  readonly pids: number;
  readonly mountedAt: string;
  readonly environment: string[];
  readonly secrets: Record<string, string>;
  readonly tmpfs: Record<string, string>;
}

/** The stores' profile: no capabilities, read-only root, own user, loopback only, limits. */
function specOf(
  service: PlatformService,
  { instanceId, dataDir, storeSubnets }: ServiceSettings,
  user: { readonly uid: number; readonly gid: number },
  image: string,
  facts: ServiceFacts,
): ServiceSpec {
  const dataFolder = join(dataDir, service);
  const secretsFolder = join(dataDir, 'secrets', `mounted-${service}`);
  const options = {
    name: containerNameOf(instanceId, service),
    Image: image,
    User: `${user.uid}:${user.gid}`,
    Env: facts.environment,
    ExposedPorts: { [`${facts.inside}/tcp`]: {} },
    HostConfig: {
      Binds: [`${dataFolder}:${facts.mountedAt}`, `${secretsFolder}:/run/secrets/shop:ro`],
      PortBindings: { [`${facts.inside}/tcp`]: [{ HostIp: '127.0.0.1', HostPort: String(facts.port) }] },
      RestartPolicy: { Name: 'unless-stopped' },
      ReadonlyRootfs: true,
      CapDrop: ['ALL'],
      SecurityOpt: ['no-new-privileges'],
      Tmpfs: facts.tmpfs,
      Memory: facts.memoryBytes,
      MemorySwap: facts.memoryBytes,
      PidsLimit: facts.pids,
      NetworkMode: networkNameOf(instanceId),
      LogConfig: { Type: 'json-file', Config: { 'max-size': '10m', 'max-file': '3' } },
    },
    NetworkingConfig: {
      EndpointsConfig: {
        [networkNameOf(instanceId)]: {
          IPAMConfig: { IPv4Address: platformNetworkOf(storeSubnets).addresses[service] },
        },
      },
    },
  } satisfies ContainerCreateOptions;
  const spec = createHash('sha256')
    .update(JSON.stringify([options, facts.secrets]))
    .digest('hex')
    .slice(0, 32);
  const Labels = { 'shophosting.instance': instanceId, 'shophosting.service': service, [SPEC_LABEL]: spec };
  return {
    service,
    dataFolder,
    secretsFolder,
    secrets: facts.secrets,
    mountedAt: facts.mountedAt,
    mayBeEmptied: service === 'redis',
    options: { ...options, Labels },
  };
}

/** One statement a line. Names and passwords are letters, digits and `_` only: `up` made them. */
function initSql({ user, password }: { readonly user: string; readonly password: string }): string {
  return [
    `CREATE USER IF NOT EXISTS '${user}'@'%' IDENTIFIED BY '${password}';`,
    `ALTER USER '${user}'@'%' IDENTIFIED BY '${password}';`,
    `GRANT ALL PRIVILEGES ON *.* TO '${user}'@'%' WITH GRANT OPTION;`,
    '',
  ].join('\n');
}
