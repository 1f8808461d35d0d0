import { existsSync } from 'node:fs';
import { chmod, copyFile, mkdir, mkdtemp, rename, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError, toAppError } from '../../domain/errors.ts';
import { SECOND } from '../../lib/time.ts';
import type { Host } from '../host/host.ts';
import { runCommand } from '../process/run-command.ts';

/** The engine's helper binaries: always `DATA_DIR/tools/docker-compose` and `docker-buildx`. */
export interface EngineTools {
  readonly compose: string;
  /** Without it images are built the old way; slower, nothing else. */
  readonly buildx?: string;
}

const VERSION_TIMEOUT_MS = 10 * SECOND;
const PLUGIN_FOLDERS = [
  '/usr/local/lib/docker/cli-plugins',
  '/usr/local/libexec/docker/cli-plugins',
  '/usr/lib/docker/cli-plugins',
  '/usr/libexec/docker/cli-plugins',
];
/** Their trixie packages hold static enough binaries: they run on Debian 12 when merely unpacked. */
const SUITE = 'trixie';
const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg';

const TOOLS = [
  {
    name: 'compose',
    binary: 'docker-compose',
    package: 'docker-compose',
    least: [2, 20],
    alsoAt: ['/usr/local/bin/docker-compose', '/usr/bin/docker-compose'],
  },
  { name: 'buildx', binary: 'docker-buildx', package: 'docker-buildx', least: [0, 10], alsoAt: [] },
] as const;
type Tool = (typeof TOOLS)[number];

interface ToolSources {
  readonly dataDir: string;
  readonly host: Host;
  readonly onProgress: (line: string) => void;
}

/**
 * What the machine has when new enough (linked), else Debian's packages unpacked, under `DATA_DIR/tools`: nothing is
 * installed and no source is added. Throws `tool_missing` when Compose cannot be had; buildx is merely absent then.
 */
export async function ensureTools(sources: ToolSources, signal: AbortSignal): Promise<EngineTools> {
  const missing: Tool[] = [];
  for (const tool of TOOLS) if (!(await isThere(tool, sources.dataDir, signal))) missing.push(tool);
  if (missing.length > 0) {
    try {
      await unpack(missing, sources, signal);
    } catch (error) {
      signal.throwIfAborted();
      if (findTools(sources.dataDir).compose === undefined) throw noCompose(sources.dataDir, error);
      sources.onProgress(`buildx could not be had (${toAppError(error).message}); images are built without it`);
    }
  }
  const { compose, buildx } = findTools(sources.dataDir);
  if (compose === undefined) throw noCompose(sources.dataDir, undefined);
  return { compose, ...(buildx === undefined ? {} : { buildx }) };
}

/** Looks only. */
export function findTools(dataDir: string): Partial<EngineTools> {
  const compose = join(dataDir, 'tools', 'docker-compose');
  const buildx = join(dataDir, 'tools', 'docker-buildx');
  return { ...(existsSync(compose) ? { compose } : {}), ...(existsSync(buildx) ? { buildx } : {}) };
}

/** Links what the machine brings to where we look for it. A link whose target went away counts as not there. */
async function isThere(tool: Tool, dataDir: string, signal: AbortSignal): Promise<boolean> {
  const ours = join(dataDir, 'tools', tool.binary);
  if (existsSync(ours)) return true;
  for (const path of [...PLUGIN_FOLDERS.map((folder) => join(folder, tool.binary)), ...tool.alsoAt]) {
    if (!existsSync(path) || !(await isNewEnough(path, tool, signal))) continue;
    await mkdir(join(dataDir, 'tools'), { recursive: true, mode: 0o755 });
    await rm(ours, { force: true });
    await symlink(path, ours);
    return true;
  }
  return false;
}

async function isNewEnough(path: string, { name, least }: Tool, signal: AbortSignal): Promise<boolean> {
  const args = name === 'compose' ? ['version', '--short'] : ['version'];
  try {
    const { stdout } = await runCommand({ path }, args, { signal, timeoutMs: VERSION_TIMEOUT_MS });
    const match = /(?:^|[\sv])(\d+)\.(\d+)\./.exec(stdout);
    const [major = 0, minor = 0] = match?.slice(1).map(Number) ?? [];
    return major > least[0] || (major === least[0] && minor >= least[1]);
  } catch {
    signal.throwIfAborted();
    return false;
  }
}

async function unpack(
  tools: readonly Tool[],
  { dataDir, host, onProgress }: ToolSources,
  signal: AbortSignal,
): Promise<void> {
  const packages = tools.map((tool) => tool.package);
  onProgress(`Unpacking ${packages.join(' and ')} from Debian ${SUITE} into ${dataDir}/tools (nothing is installed)`);
  const [uri] = (await host.apt.debianArchives(signal)).filter((archive) => !archive.includes('security'));
  if (uri === undefined) throw new AppError('tool_missing', "This machine's apt names no Debian archive.");
  await mkdir(join(dataDir, 'tools'), { recursive: true, mode: 0o755 });
  const folder = await mkdtemp(join(dataDir, 'tools', '.unpacking-'));
  try {
    const source = { uri, suite: SUITE, component: 'main', signedBy: KEYRING };
    const files = await host.apt.download(source, packages, join(folder, 'packages'), signal);
    for (const file of files) await runCommand('dpkg-deb', ['--extract', file, folder], { signal });
    for (const { binary } of tools) {
      const beside = join(folder, binary);
      await copyFile(join(folder, 'usr/libexec/docker/cli-plugins', binary), beside);
      await chmod(beside, 0o755);
      await rename(beside, join(dataDir, 'tools', binary));
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function noCompose(dataDir: string, cause: unknown): AppError {
  return new AppError(
    'tool_missing',
    'Docker Compose 2.20 or later is not on this machine and could not be fetched from Debian.',
    {
      cause,
      retryable: true,
      hint: `Check that apt reaches its archive (apt-get update), or put a docker-compose binary into ${dataDir}/tools.`,
    },
  );
}
