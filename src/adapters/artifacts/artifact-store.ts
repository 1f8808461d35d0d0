import { chmod, copyFile, mkdir, rename, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { AppError } from '../../domain/errors.ts';
import { MINUTE } from '../../lib/time.ts';
import { fileWork } from '../filesystem/file-error.ts';
import { withWorkFolder } from '../filesystem/work-folder.ts';
import { writeFileAtomically } from '../filesystem/write-file-atomically.ts';
import type { Apt } from '../host/apt.ts';
import { runCommand } from '../process/run-command.ts';
import type { ApplicationFacts } from './application-facts.ts';
import { APPLICATIONS, type ApplicationName, type CatalogueEntry, catalogueEntry, type Source } from './catalogue.ts';
import { compareVersions } from './compare-versions.ts';
import { readRecord, recordOf } from './fetched-record.ts';
import { createKnownFiles, type KnownFile, type UsableFile } from './known-files.ts';
import { type ComposerAccess, takeFromComposer } from './sources/composer-project.ts';
import { takeFromDebian } from './sources/debian-packages.ts';
import { download } from './sources/download.ts';
import { takeFromNpm } from './sources/npm-package.ts';
import type { Fetched, SourceRoom } from './sources/source.ts';
import { unpack } from './unpack.ts';

/** An application archive as operators see it. */
export interface Artifact {
  readonly name: ApplicationName;
  /** What is there, or, where nothing is, what would be fetched. */
  readonly version: string;
  readonly sha256: string | null;
  /** Where it came from; null while it is not there. */
  readonly source: string | null;
  readonly present: boolean;
  /** Why it is not there, or which file beside it cannot be used. */
  readonly reason?: string;
  readonly facts?: ApplicationFacts;
}

/** An application ready to be mounted or copied: a folder of plain files that nobody but root may change. */
export interface UnpackedArtifact {
  readonly path: string;
  readonly version: string;
  readonly sha256: string;
  readonly facts: ApplicationFacts;
}

export type ArtifactStore = ReturnType<typeof createArtifactStore>;

export interface ArtifactStoreDeps {
  /** Operators put archives here; what we fetch ourselves goes into `fetched/` below. */
  readonly artifactsDir: string;
  /** Unpacked applications go to `applications/` below. */
  readonly dataDir: string;
  readonly apt: Pick<Apt, 'download' | 'debianArchives'>;
  /** The operator's own: the sha256 of the one archive of an application that may be used, whoever brings it. */
  readonly pins?: Readonly<Partial<Record<ApplicationName, string>>>;
  /** Composer, for applications that come that way. */
  readonly composer?: ComposerAccess;
  readonly onProgress: (line: string) => void;
}

/** What lies in the folders: the first of a name is the one that is used. */
interface Looked {
  readonly usable: readonly UsableFile[];
  readonly refused: readonly string[];
}

/** Looking at a few archives takes moments; something is very wrong when it does not end. */
const LOOK_TIMEOUT_MS = 2 * MINUTE;
const SYNC_TIMEOUT_MS = 5 * MINUTE;
const SHORT_SUM = 12;

/** Application archives: found in the folder, fetched where a source answers, checked, unpacked once. */
export function createArtifactStore(deps: ArtifactStoreDeps) {
  const { artifactsDir, dataDir, pins = {} } = deps;
  const fetchedDir = join(artifactsDir, 'fetched');
  const applicationsDir = join(dataDir, 'applications');
  const files = createKnownFiles(join(applicationsDir, 'known-files.json'));
  /** Two askers in one process share the work. */
  const underWay = new Map<string, Promise<UsableFile>>();

  /** The operator's own file first, then what we fetched; the highest version of each. */
  async function lookUp(signal: AbortSignal): Promise<Looked> {
    const own = (await files.lookAll(artifactsDir, signal)).map(againstPin);
    const fetched = (await files.lookAll(fetchedDir, signal)).map(againstPin);
    const isUsable = (file: KnownFile): file is UsableFile => 'name' in file;
    const newest = (a: UsableFile, b: UsableFile): number => compareVersions(b.version, a.version);
    return {
      usable: [...own.filter(isUsable).sort(newest), ...fetched.filter(isUsable).sort(newest)],
      refused: own.flatMap((file) => ('refusal' in file ? [file.refusal] : [])),
    };
  }

  /** What the operator says is the right one stands above what an archive says of itself. */
  function againstPin(file: KnownFile): KnownFile {
    const pin = 'name' in file ? pins[file.name] : undefined;
    if (!('name' in file) || pin === undefined || pin === file.sha256) return file;
    const { path, sha256 } = file;
    return { path, refusal: `${path} is refused: its sha256 is ${sha256}, not ${pin}, as your settings want it.` };
  }

  /** As `files.look`, by the operator's own sums too. */
  async function lookAt(path: string, signal: AbortSignal): Promise<KnownFile | undefined> {
    const known = await files.look(path, signal);
    return known && againstPin(known);
  }

  const lookSignal = (): AbortSignal => AbortSignal.timeout(LOOK_TIMEOUT_MS);

  async function findFile(name: string, signal: AbortSignal): Promise<UsableFile | undefined> {
    return (await lookUp(signal)).usable.find((file) => file.name === name);
  }

  async function asArtifact(file: UsableFile): Promise<Artifact> {
    const { name, version, sha256, facts, path } = file;
    const record = await readRecord(path);
    return { name, version, sha256, facts, present: true, source: record?.from ?? basename(path) };
  }

  function obtainFile(name: string, signal: AbortSignal): Promise<UsableFile> {
    const running = underWay.get(name);
    if (running !== undefined) return running;
    const work = (async (): Promise<UsableFile> => {
      const entry = catalogueEntry(name);
      return (await findFile(name, signal)) ?? (await fetchFromSources(entry, signal));
    })().finally(() => underWay.delete(name));
    underWay.set(name, work);
    return work;
  }

  async function fetchFromSources(entry: CatalogueEntry, signal: AbortSignal): Promise<UsableFile> {
    const failures: string[] = [];
    for (const source of entry.sources) {
      try {
        return await withWorkFolder(fetchedDir, async (work) => {
          const fetched = await fetchFrom(source, entry, deps, { work, signal, onProgress: deps.onProgress });
          return keep(fetched, entry, signal);
        });
      } catch (error) {
        signal.throwIfAborted();
        if (!(error instanceof AppError) || error.code === 'disk_full') throw error;
        failures.push(error.message);
        deps.onProgress(`${entry.label}: ${error.message}`);
      }
    }
    throw new AppError(
      'artifact_missing',
      `${entry.label} cannot be had: ${failures.map((reason) => reason.replace(/\.$/, '')).join('; ')}.`,
      {
        retryable: true,
        hint: cureFor(entry, artifactsDir),
      },
    );
  }

  /** Checks what a source brought as if an operator had put it there, and gives it its place beside its record. */
  async function keep(fetched: Fetched, entry: CatalogueEntry, signal: AbortSignal): Promise<UsableFile> {
    const known = await lookAt(fetched.file, signal);
    if (known === undefined || 'refusal' in known) {
      throw new AppError('artifact_refused', `${fetched.from}: ${known?.refusal ?? 'nothing came'}`);
    }
    if (known.name !== entry.name) {
      throw new AppError('artifact_refused', `${fetched.from} brought ${known.name}, not ${entry.name}.`);
    }
    const path = join(fetchedDir, `${folderOf(known)}${known.extension}`);
    await writeFileAtomically(
      recordOf(path),
      `${JSON.stringify({ ...fetched, file: undefined, sha256: known.sha256 })}\n`,
      {
        mode: 0o644,
      },
    );
    await chmod(fetched.file, 0o644);
    await rename(fetched.file, path);
    deps.onProgress(`${entry.label} ${known.version} from ${fetched.from}, checked by ${fetched.checkedBy}`);
    return files.moved({ ...known, path });
  }

  async function unpackFile(file: UsableFile, signal: AbortSignal): Promise<UnpackedArtifact> {
    const { version, sha256, facts } = file;
    const path = join(applicationsDir, folderOf(file));
    if (await isThere(path)) return { path, version, sha256, facts };
    const entry = catalogueEntry(file.name);
    deps.onProgress(`Unpacking ${entry.label} ${version}`);
    await fileWork(`Unpacking ${file.path}`, () =>
      withWorkFolder(applicationsDir, async (work) => {
        const beside = join(work, 'tree');
        await mkdir(beside, { mode: 0o755 });
        await unpack(file.path, beside, { ...entry, top: file.top }, signal);
        // The name is the sign that it is whole: what it stands for must be on the disk first.
        await runCommand('sync', ['--file-system', beside], { signal, timeoutMs: SYNC_TIMEOUT_MS });
        await rename(beside, path).catch(async (error: unknown) => {
          if (!(await isThere(path))) throw error;
        });
      }),
    );
    return { path, version, sha256, facts };
  }

  return {
    /** Every application of the catalogue: what is there, and why the rest is not. Asks nobody outside. */
    async list(): Promise<Artifact[]> {
      const { usable, refused } = await lookUp(lookSignal());
      const all: Artifact[] = [];
      for (const entry of APPLICATIONS) {
        const file = usable.find(({ name }) => name === entry.name);
        if (file !== undefined) {
          all.push(await asArtifact(file));
          continue;
        }
        const reason = `${reasonFor(entry, { usable, refused })}. ${cureFor(entry, artifactsDir)}`;
        const version = offeredVersion(entry);
        all.push({ name: entry.name, version, sha256: null, source: null, present: false, reason });
      }
      return all;
    },

    /** What is on this machine of that name, or nothing. Asks nobody outside. */
    async find(name: string): Promise<Artifact | undefined> {
      const file = await findFile(name, lookSignal());
      return file === undefined ? undefined : asArtifact(file);
    },

    /**
     * Why nothing of that name can be used on this machine, and what to do; `undefined` where the operator's keys stand
     * for it. Asks nobody outside.
     */
    async whyMissing(name: ApplicationName): Promise<{ readonly reason: string; readonly fix: string } | undefined> {
      const entry = catalogueEntry(name);
      const isPromised = entry.sources.some((source) => source.kind === 'composer' && source.wantsKeys);
      if (isPromised && deps.composer?.keys !== undefined) return undefined;
      return { reason: reasonFor(entry, await lookUp(lookSignal())), fix: cureFor(entry, artifactsDir) };
    },

    /**
     * What is on this machine, else fetched from the catalogue's sources in their order. Throws `artifact_missing` with
     * each source's reason and the cure.
     */
    async obtain(name: string, signal: AbortSignal): Promise<Artifact> {
      return asArtifact(await obtainFile(name, signal));
    },

    /**
     * Keeps a copy of an archive, recognised by what is inside, after unpacking it once to the end. Throws
     * `artifact_refused` with the reason, and then nothing of it is kept.
     */
    async add(file: string, signal: AbortSignal): Promise<Artifact> {
      return fileWork(`Adding ${file}`, () =>
        withWorkFolder(fetchedDir, async (work) => {
          const copy = join(work, basename(file));
          await copyFile(file, copy).catch((error: NodeJS.ErrnoException) => {
            if (error.code === 'ENOENT') throw new AppError('not_found', `There is no file ${file}.`, { cause: error });
            throw error;
          });
          const known = await lookAt(copy, signal);
          if (known === undefined || 'refusal' in known) {
            throw new AppError('artifact_refused', (known?.refusal ?? `${file} is no file.`).replace(copy, file), {
              hint: 'An application archive is the vendor’s own .zip, .tar.gz or .phar, unchanged.',
            });
          }
          await unpackFile(known, signal);
          const path = join(artifactsDir, `${known.name}-${known.version}${known.extension}`);
          await chmod(copy, 0o644);
          await rename(copy, path);
          return asArtifact(await files.moved({ ...known, path }));
        }),
      );
    },

    /**
     * The application as a folder below `DATA_DIR/applications`, fetched and unpacked where that is still to do. The
     * folder is whole as soon as it has its name; it is owned by root and readable by all.
     */
    async unpacked(name: string, signal: AbortSignal): Promise<UnpackedArtifact> {
      return unpackFile(await obtainFile(name, signal), signal);
    },
  };
}

function fetchFrom(
  source: Source,
  entry: CatalogueEntry,
  { apt, composer, pins }: Pick<ArtifactStoreDeps, 'apt' | 'composer' | 'pins'>,
  room: SourceRoom,
): Promise<Fetched> {
  if (source.kind === 'download') return download(source, room, pins?.[entry.name]);
  if (source.kind === 'debian') return takeFromDebian(source, entry, apt, room);
  if (source.kind === 'composer') return takeFromComposer(source, entry, composer, room);
  return takeFromNpm(source, entry, room);
}

/** `woocommerce-11.0.1-e622cc8f3169` */
const folderOf = ({ name, version, sha256 }: UsableFile): string => `${name}-${version}-${sha256.slice(0, SHORT_SUM)}`;

function offeredVersion(entry: CatalogueEntry): string {
  const [source] = entry.sources;
  return source !== undefined && source.kind !== 'debian' ? source.version : '';
}

const reasonFor = (entry: CatalogueEntry, { usable, refused }: Looked): string =>
  ['not on this machine', ...refused, ...misnamed(entry, usable)].map((part) => part.replace(/\.$/, '')).join('; ');

function cureFor(entry: CatalogueEntry, artifactsDir: string): string {
  const hosts = entry.sources.flatMap((source) => {
    if (source.kind === 'download') return [new URL(source.url).host];
    if (source.kind !== 'composer') return [];
    return [
      `${new URL(source.repository).host}${source.wantsKeys ? ' (with MAGENTO_REPO_PUBLIC_KEY and its pair)' : ''}`,
    ];
  });
  const put = `Put ${entry.usualFile} into ${artifactsDir} (shopctl artifacts add FILE)`;
  return hosts.length === 0 ? `${put}.` : `${put}, or allow ${hosts.join(' or ')}.`;
}

/** Files called like an application that hold another one: their owner will look for the reason here. */
const misnamed = (entry: CatalogueEntry, usable: readonly UsableFile[]): string[] =>
  usable
    .filter(({ path }) => basename(path).toLowerCase().startsWith(entry.name))
    .map(({ path, name, version }) => `${path} holds ${catalogueEntry(name).label} ${version}`);

const isThere = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );
