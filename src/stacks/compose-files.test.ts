import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { packageRoot } from '../lib/package-root.ts';
import { STACKS } from './index.ts';
import type { Stack } from './stack.ts';

interface ComposeService {
  readonly user: string;
  readonly cap_drop: readonly string[];
  readonly security_opt: readonly string[];
  readonly read_only: boolean;
  readonly pids_limit: number;
  readonly healthcheck: Readonly<Record<string, string | number>> & { readonly test: readonly string[] };
  readonly volumes?: readonly string[];
  readonly tmpfs?: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly networks: Readonly<Record<string, { readonly ipv4_address: string }>>;
  readonly ports?: readonly string[];
  readonly logging: { readonly options: Readonly<Record<string, string>> };
  readonly [key: string]: unknown;
}
interface ComposeFile {
  readonly services: Readonly<Record<string, ComposeService>>;
  readonly networks: Readonly<Record<string, { readonly internal?: boolean }>>;
}

const stacks: readonly Stack[] = Object.values(STACKS);
const text = (folder: string): string => readFileSync(`${packageRoot()}/stacks/${folder}/compose.yml`, 'utf8');
const composeOf = (folder: string): ComposeFile => parse(text(folder), { merge: true });
const mountsOf = (service: ComposeService): string[] =>
  (service.volumes ?? []).map((volume) => volume.split(':')[0] ?? '');

test.each(stacks)(
  '$platform: the compose file has the services, process limits and health checks that the stack tells of',
  (stack) => {
    const { services } = composeOf(stack.folder);

    expect(Object.keys(services).sort()).toEqual(Object.keys(stack.services).sort());
    for (const [name, { pidsLimit, healthCommand, front }] of Object.entries(stack.services)) {
      const service = services[name];
      expect(service?.pids_limit).toBe(pidsLimit);
      expect(service?.healthcheck.test).toEqual(['CMD', ...healthCommand]);
      expect(Object.keys(service?.networks ?? {})).toEqual(front ? ['front', 'back'] : ['back']);
    }
  },
);

test.each(stacks)(
  '$platform: a service is asked how it is as often as its image says, whichever of the two decides',
  (stack) => {
    const { services } = composeOf(stack.folder);

    for (const [name, { image, healthCommand }] of Object.entries(stack.services)) {
      const asked = services[name]?.healthcheck;
      const built = readFileSync(`${packageRoot()}/images/${image}/Dockerfile`, 'utf8');
      const [, options = '', command] = /^HEALTHCHECK ((?:--\S+ )+)CMD (.+)$/m.exec(built) ?? [];
      expect([image, ...options.trim().split(' ').toSorted()]).toEqual([
        image,
        `--interval=${asked?.['interval']}`,
        `--retries=${asked?.['retries']}`,
        `--start-period=${asked?.['start_period']}`,
        `--timeout=${asked?.['timeout']}`,
      ]);
      expect(JSON.parse(command ?? 'null')).toEqual(healthCommand);
    }
  },
);

test.each(stacks)('$platform: every service has the one profile, and nobody sets it aside', (stack) => {
  const { services, networks } = composeOf(stack.folder);

  for (const service of Object.values(services)) {
    expect(service).toMatchObject({
      user: '${STORE_UID:?}:${STORE_UID}',
      cap_drop: ['ALL'],
      security_opt: ['no-new-privileges:true'],
      read_only: true,
      logging: { options: { 'max-size': '10m', 'max-file': '3' } },
    });
    for (const forbidden of [
      'privileged',
      'cap_add',
      'devices',
      'network_mode',
      'pid',
      'ipc',
      'mem_limit',
      'cpus',
      'deploy',
    ]) {
      expect(service).not.toHaveProperty(forbidden);
    }
  }
  expect(networks['back']?.internal).toBe(true);
  expect(Object.values(services).flatMap(({ ports }) => ports ?? [])).toEqual(['127.0.0.1:${STORE_PORT:?}:8080']);
});

test.each(stacks)('$platform: every data folder is mounted, and nothing is mounted that nobody makes', (stack) => {
  const mounted = Object.values(composeOf(stack.folder).services).flatMap(mountsOf);
  const secrets = Object.entries(stack.services).filter(([, service]) => Object.keys(service.secrets).length > 0);

  expect(mounted.filter((from) => from.startsWith('./')).sort()).toEqual(
    [
      ...stack.dataFolders.map((folder) => `./data/${folder}`),
      ...secrets.map(([name]) => `./secrets/${name}`),
      './settings/web',
    ].sort(),
  );
  expect(mounted.filter((from) => from.startsWith('$'))).toEqual([
    ...Object.keys(stack.applications).map((variable) => `\${${variable}`),
    ...(stack.compiled === null ? [] : ['${COMPILED_DIR', '${COMPILED_DIR}/${COMPILED_PROGRAMS']),
  ]);
});

test.each(stacks.filter(({ compiled }) => compiled !== null))(
  '$platform: code is compiled with the applications where its containers have them, and none can write to it',
  ({ folder, compiled }) => {
    const { volumes = [], tmpfs } = composeOf(folder).services[compiled?.service ?? ''] as ComposeService;
    const mounts = volumes.filter((volume) => volume.includes('/var/cache/compiled/'));

    for (const [variable, target] of Object.entries(compiled?.applicationsAt ?? {})) {
      expect(volumes).toContain(`\${${variable}:?}:${target}:ro`);
    }
    expect(mounts).toHaveLength(2);
    expect(mounts.every((mount) => mount.endsWith(':ro'))).toBe(true);
    expect(tmpfs).toContainEqual(expect.stringMatching(/^\/var\/cache\/compiled:.*noexec,size=64k/));
  },
);

test.each(stacks)(
  '$platform: nothing in the file changes with name, owner, domain or plan, and no secret is in it',
  (stack) => {
    const variables = new Set([...text(stack.folder).matchAll(/\$\{([A-Z_]+)/g)].map((match) => match[1]));

    for (const variable of variables)
      expect(variable).not.toMatch(/NAME$(?<!DB_NAME)|OWNER|DOMAIN|PLAN|MAIL|PASS|SECRET|MEMORY|CPU/);
  },
);

test('the wordpress stack is the woocommerce stack without the shop', () => {
  const { services: shop, networks: shopNetworks } = composeOf('woocommerce');
  const { services: site, networks: siteNetworks } = composeOf('wordpress');
  const web = shop['web'];
  const withoutShop = {
    ...shop,
    web: {
      ...web,
      environment: { ...web?.environment, SHOP_PLATFORM: 'wordpress' },
      volumes: web?.volumes?.filter((volume) => !volume.startsWith('${WOOCOMMERCE_DIR')),
    },
  };

  expect(site).toEqual(withoutShop);
  expect(siteNetworks).toEqual(shopNetworks);
});
