import { join } from 'node:path';
import type Docker from 'dockerode';
import pLimit from 'p-limit';
import { AppError } from '../../../domain/errors.ts';
import { SECOND } from '../../../lib/time.ts';
import type { ImageName } from '../../../stacks/stack.ts';
import type { ApplicationFacts } from '../../artifacts/application-facts.ts';
import type { Artifact, ArtifactStore } from '../../artifacts/artifact-store.ts';
import type { ApplicationName } from '../../artifacts/catalogue.ts';
import { fileWork } from '../../filesystem/file-error.ts';
import type { Apt } from '../../host/apt.ts';
import type { withLock } from '../../host/exclusive-lock.ts';
import { engineCall, ifThere } from '../docker-client.ts';
import { ensureBase } from './base-images.ts';
import { type ContextExtra, type ContextFile, contextKey, readContext } from './build-context.ts';
import { buildImage } from './build-image.ts';
import { prepareForeignImage } from './foreign-image.ts';
import { type Accepts, acceptsOf, CONTRACT, IMAGE_LABELS, isStandIn } from './image-labels.ts';
import { createImageRecords, type PreparedImage } from './image-records.ts';
import { imageRefused } from './image-refused.ts';
import { readVersions } from './read-versions.ts';
import { removeReaders } from './reader-container.ts';
import { type Foundation, foundationOf, IMAGE_NAMES, offLine, RELEASE_LINES } from './release-lines.ts';

export type { PreparedImage } from './image-records.ts';
export type ImageStore = ReturnType<typeof createImageStore>;

export interface ImageStoreDeps {
  readonly docker: Docker;
  /** What this instance uses is recorded in `images/` below. */
  readonly dataDir: string;
  /** Bootstrapped bases are cached in `bases/` below. */
  readonly artifactsDir: string;
  readonly artifacts: Pick<ArtifactStore, 'find' | 'unpacked'>;
  readonly apt: Pick<Apt, 'ensurePrograms' | 'debianArchives'>;
  readonly withLock: typeof withLock;
  /** Images of others, by the settings named in the release lines. */
  readonly imageRefs: Readonly<Partial<Record<ImageName, string | undefined>>>;
  /** What the operator wants built in, e.g. the languages of a shop; part of what names an image. */
  readonly buildArgs?: Readonly<Partial<Record<ImageName, Readonly<Record<string, string>>>>>;
  /** What the platform calls inside an image; one of others that lacks one is refused. */
  readonly programsOf: (name: ImageName) => readonly string[];
  /** `NODE_ENV`: in production no stand-in is taken for the real thing. */
  readonly environment: string;
  /** Where `images/` is. */
  readonly packageRoot: string;
  /** `http_proxy`, `https_proxy`, `no_proxy`, handed to bootstraps and builds and kept in no image. */
  readonly buildEnvironment?: Readonly<Record<string, string>>;
  readonly onProgress: (line: string) => void;
}

/** Two builds keep two cores and a network line busy; more only slow each other down. */
const AT_ONCE = 2;
const STILL_AT_IT_MS = 20 * SECOND;

/** An application that goes into an image. */
type Inside = ContextExtra & { readonly facts: ApplicationFacts };

interface Recipe {
  readonly name: ImageName;
  readonly reference: string;
  readonly files: readonly ContextFile[];
  readonly extras: readonly ContextExtra[];
  readonly on: Foundation;
  readonly buildArgs: Readonly<Record<string, string>>;
  readonly accepts: Accepts;
}

/** The images that stores and the platform are made of: pulled where one is configured, else built here, once. */
export function createImageStore(deps: ImageStoreDeps) {
  const { docker } = deps;
  const records = createImageRecords(deps.dataDir);
  const inProduction = deps.environment === 'production';
  const inspect = (reference: string): Promise<Docker.ImageInspectInfo | undefined> =>
    ifThere(`Looking for ${reference}`, () => docker.getImage(reference).inspect());

  /** `undefined` while an application that goes into the image is not on this machine yet. */
  async function localRecipe(name: ImageName): Promise<Recipe | undefined> {
    const inside: Inside[] = [];
    for (const { names, form } of RELEASE_LINES[name].artifacts) {
      const found = await firstOf(names);
      if (found?.sha256 === undefined || found.sha256 === null) return undefined;
      const { version, sha256, facts = {} } = found;
      inside.push({ ...placeIn(found.name, form, ''), version, sha256, facts });
    }
    return recipeOf(name, inside);
  }

  async function fullRecipe(name: ImageName, signal: AbortSignal): Promise<Recipe> {
    const inside: Inside[] = [];
    for (const { names, form } of RELEASE_LINES[name].artifacts) {
      const artifact = (await firstOf(names))?.name ?? names[0];
      const { path, ...known } = await deps.artifacts.unpacked(artifact, signal);
      inside.push({ ...placeIn(artifact, form, path), ...known });
    }
    return recipeOf(name, inside);
  }

  async function firstOf(names: readonly ApplicationName[]): Promise<Artifact | undefined> {
    for (const name of names) {
      const found = await deps.artifacts.find(name);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  const folderOf = (name: ImageName): string => join(deps.packageRoot, 'images', name);

  async function recipeOf(name: ImageName, inside: readonly Inside[]): Promise<Recipe> {
    const files = await readContext(folderOf(name));
    const facts = Object.assign({}, ...inside.map((application) => application.facts)) as ApplicationFacts;
    const on = foundationOf(name, facts);
    const buildArgs = { ...on.buildArgs, ...deps.buildArgs?.[name] };
    const key = contextKey({ name, base: on.base, extras: inside, buildArgs }, files);
    return {
      name,
      reference: `shophosting/${name}:${key}`,
      files,
      extras: inside,
      on,
      buildArgs,
      accepts: acceptsOf(facts),
    };
  }

  /** What the engine has under the reference, as a record; `undefined` when it has nothing. */
  async function builtImage(name: ImageName, reference: string): Promise<PreparedImage | undefined> {
    const facts = await inspect(reference);
    const labels = facts?.Config?.Labels ?? {};
    const versions = labels[IMAGE_LABELS.versions];
    const accepts = labels[IMAGE_LABELS.accepts];
    if (facts === undefined || versions === undefined) return undefined;
    return {
      name,
      reference,
      id: facts.Id,
      versions: JSON.parse(versions) as Record<string, string>,
      source: 'built',
      base: labels[IMAGE_LABELS.base] ?? null,
      // Those made by an earlier release do not say it.
      ...(accepts === undefined ? {} : { accepts: JSON.parse(accepts) as Accepts }),
      present: true,
      createdAt: facts.Created,
    };
  }

  async function prepareOne(name: ImageName, signal: AbortSignal): Promise<PreparedImage> {
    const foreign = deps.imageRefs[name];
    const image = foreign === undefined ? await prepareOurs(name, signal) : await prepareForeign(name, foreign, signal);
    await fileWork(`Recording the image ${name}`, () => records.write(image));
    return image;
  }

  async function prepareOurs(name: ImageName, signal: AbortSignal): Promise<PreparedImage> {
    const local = await localRecipe(name);
    const ready = local === undefined ? undefined : await builtImage(name, local.reference);
    if (ready !== undefined) return ready;
    const say = sayer(name);
    const recipe = await fullRecipe(name, signal);
    return deps.withLock(
      `image ${recipe.reference}`,
      { signal, onWait: () => say('another process builds it; waiting') },
      async () => (await builtImage(name, recipe.reference)) ?? (await build(recipe, say, signal)),
    );
  }

  async function build(recipe: Recipe, say: (line: string) => void, signal: AbortSignal): Promise<PreparedImage> {
    const { name, reference } = recipe;
    await removeReaders(docker);
    const base = await ensureBase(
      { ...deps, environment: deps.buildEnvironment ?? {}, onProgress: say },
      recipe.on.base,
      signal,
    );
    const pulse = sayAgain(say, `building on ${base.description}`);
    const raw = await buildImage(
      docker,
      {
        ...recipe,
        buildArgs: { ...deps.buildEnvironment, ...recipe.buildArgs, BASE: base.reference },
        labels: { [IMAGE_LABELS.name]: name },
        onStep: pulse.say,
      },
      signal,
    )
      .catch((error: unknown) => {
        throw withBuildHint(error, name, base.reference);
      })
      .finally(pulse.stop);
    const versions = await readVersions(docker, raw, signal);
    const reason = offLine(recipe.on, versions);
    if (reason !== undefined) throw imageRefused(name, `the image just built`, reason, name);
    // The name is given last, with all labels: an image that has it is finished.
    await buildImage(
      docker,
      {
        name,
        files: [{ path: 'Dockerfile', mode: 0o644, content: Buffer.from(`FROM ${raw}\n`) }],
        extras: [],
        buildArgs: {},
        labels: {
          [IMAGE_LABELS.contract]: CONTRACT,
          [IMAGE_LABELS.name]: name,
          [IMAGE_LABELS.base]: base.description,
          [IMAGE_LABELS.versions]: JSON.stringify(versions),
          [IMAGE_LABELS.accepts]: JSON.stringify(recipe.accepts),
        },
        tag: reference,
        onStep: () => undefined,
      },
      signal,
    );
    const image = await builtImage(name, reference);
    if (image === undefined) throw new AppError('image_missing', `${reference} vanished right after it was built.`);
    say(
      `ready: ${Object.entries(versions)
        .map((pair) => pair.join(' '))
        .join(', ')}`,
    );
    return image;
  }

  async function prepareForeign(name: ImageName, reference: string, signal: AbortSignal): Promise<PreparedImage> {
    const [before, isProduction, programs] = [await records.read(name), inProduction, deps.programsOf(name)];
    return prepareForeignImage({ name, reference, programs, isProduction, before, say: sayer(name) }, docker, signal);
  }

  function sayer(name: ImageName): (line: string) => void {
    const startedAt = Date.now();
    return (line) => deps.onProgress(`Image ${name}: ${line} [${Math.round((Date.now() - startedAt) / SECOND)} s]`);
  }

  /**
   * What this instance uses now: what was recorded, else what preparing would find without doing anything. Settings may
   * have changed since it was recorded: it is not there when another image is named, nor, in production, a stand-in.
   */
  async function current(name: ImageName): Promise<PreparedImage | undefined> {
    const recorded = await records.read(name);
    const foreign = deps.imageRefs[name];
    if (recorded !== undefined) {
      const isNamed = recorded.source === 'pulled' ? recorded.reference === foreign : foreign === undefined;
      const facts = isNamed ? await inspect(recorded.id) : undefined;
      const present = facts !== undefined && !(inProduction && isStandIn(facts.Config?.Labels));
      return { ...recorded, present };
    }
    const recipe = foreign === undefined ? await localRecipe(name) : undefined;
    return recipe === undefined ? undefined : builtImage(name, recipe.reference);
  }

  return {
    /**
     * Makes sure of every named image: finds, pulls or builds it and records what this instance uses from now on. May
     * be repeated, interrupted and run twice at once; nothing is done for what is there. Throws `image_missing` when one
     * cannot be had, `image_refused` when it is not what it must be, `artifact_missing` for an application inside it.
     */
    async prepare(names: readonly ImageName[], signal: AbortSignal): Promise<PreparedImage[]> {
      await engineCall('Asking the engine', () => docker.ping());
      const limit = pLimit(AT_ONCE);
      // A failure of one ends what the others wait for; what they finished stays.
      const failed = new AbortController();
      const both = AbortSignal.any([signal, failed.signal]);
      const all = [...new Set(names)].map((name) =>
        limit(() => {
          both.throwIfAborted();
          return prepareOne(name, both);
        }).catch((error: unknown) => {
          if (!failed.signal.aborted) failed.abort(error);
          throw error;
        }),
      );
      await Promise.allSettled(all);
      signal.throwIfAborted();
      failed.signal.throwIfAborted();
      return Promise.all(all);
    },

    /** Every image there can be, those that are not there too (`present: false`). */
    async list(): Promise<(Omit<PreparedImage, 'id'> & { readonly id: string | null })[]> {
      return Promise.all(
        IMAGE_NAMES.map(async (name) => {
          const image = await current(name);
          if (image !== undefined) return image;
          const reference = deps.imageRefs[name] ?? (await localRecipe(name))?.reference ?? `shophosting/${name}`;
          const source = deps.imageRefs[name] === undefined ? ('built' as const) : ('pulled' as const);
          return { name, reference, id: null, versions: {}, source, base: null, present: false, createdAt: null };
        }),
      );
    },

    /** The image that new stores get now, if it is here. Cheap: asks the engine about one id. */
    async find(name: ImageName): Promise<PreparedImage | undefined> {
      const image = await current(name);
      return image?.present === true ? image : undefined;
    },

    /** Was it ever prepared for this instance? Its image may be gone since. */
    async isRecorded(name: ImageName): Promise<boolean> {
      return (await records.read(name)) !== undefined;
    },

    /** Is it here, and what preparing would make? False when its recipe is another one since, e.g. after an upgrade. */
    async isPrepared(name: ImageName): Promise<boolean> {
      const image = await current(name);
      const wanted = deps.imageRefs[name] ?? (await localRecipe(name))?.reference;
      return image?.present === true && image.reference === wanted;
    },

    /** The id of the image that new stores get now. Throws `image_missing` with the cure when it is not there. */
    async idOf(name: ImageName, signal: AbortSignal): Promise<string> {
      signal.throwIfAborted();
      const image = await current(name);
      if (image?.present === true) return image.id;
      throw new AppError('image_missing', `The image ${name} is not on this machine.`, {
        retryable: true,
        hint: 'Make it: shopctl images prepare',
      });
    },
  };
}

/** Says a line, and that it is still so every while: some steps take minutes. */
function sayAgain(say: (line: string) => void, first: string) {
  let last = first;
  say(first);
  const timer = setInterval(() => say(`${last}, still at it`), STILL_AT_IT_MS);
  return {
    say(line: string): void {
      last = line;
      timer.refresh();
      say(line);
    },
    stop: () => clearInterval(timer),
  };
}

const placeIn = (name: string, form: 'tree' | 'phar', path: string): { path: string; from: string } =>
  form === 'tree'
    ? { path: `artifacts/${name}`, from: path }
    : { path: `artifacts/${name}.phar`, from: join(path, `${name}.phar`) };

/** Nearly always: containers do not reach Debian's archive though the machine does. */
function withBuildHint(error: unknown, name: ImageName, base: string): unknown {
  if (!(error instanceof AppError) || error.code !== 'command_failed') return error;
  return new AppError('image_missing', error.message, {
    cause: error,
    retryable: true,
    hint: `Try what the build of ${name} tries: docker run --rm ${base} apt-get update. Behind a proxy, set http_proxy.`,
    ...(error.logTail === undefined ? {} : { logTail: error.logTail }),
  });
}
