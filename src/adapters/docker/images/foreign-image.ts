import type Docker from 'dockerode';
import { z } from 'zod';
import { AppError } from '../../../domain/errors.ts';
import type { ImageName } from '../../../stacks/stack.ts';
import { ifThere } from '../docker-client.ts';
import { type Accepts, acceptsOf, CONTRACT, IMAGE_LABELS, isStandIn } from './image-labels.ts';
import type { PreparedImage } from './image-records.ts';
import { imageRefused } from './image-refused.ts';
import { missingPrograms } from './missing-programs.ts';
import { pullImage } from './pull-image.ts';
import { readVersions } from './read-versions.ts';
import { RELEASE_LINES } from './release-lines.ts';

/** As the label is written by whoever made the image; one of ours without an application has nothing in it. */
const ACCEPTS = z.object({
  databases: z.record(z.string().max(60), z.string().max(100)).optional(),
  searchEngines: z.array(z.string().max(40)).optional(),
});

/**
 * An image of others: what is here is used as it is; only what is missing is pulled. Throws `image_missing` when it
 * cannot be had, and `image_refused`, with the reason, when it is not what it must be.
 */
export async function prepareForeignImage(
  wish: {
    readonly name: ImageName;
    readonly reference: string;
    /** What the platform calls inside it, by absolute path. */
    readonly programs: readonly string[];
    readonly isProduction: boolean;
    /** What was recorded of it before, if anything was. */
    readonly before: PreparedImage | undefined;
    readonly say: (line: string) => void;
  },
  docker: Docker,
  signal: AbortSignal,
): Promise<PreparedImage> {
  const { name, reference, before } = wish;
  const inspect = () => ifThere(`Looking for ${reference}`, () => docker.getImage(reference).inspect());
  const refuse = (reason: string): AppError => imageRefused(name, reference, reason, RELEASE_LINES[name].setting);
  if ((await inspect()) === undefined) {
    wish.say(`pulling ${reference}`);
    await pullImage(docker, reference, signal);
  }
  const facts = await inspect();
  if (facts === undefined) throw new AppError('image_missing', `${reference} vanished right after it was pulled.`);
  const labels = facts.Config?.Labels ?? {};
  const contract = labels[IMAGE_LABELS.contract];
  if (contract !== CONTRACT) {
    const has = contract === undefined ? 'is missing' : `says ${JSON.stringify(contract)}`;
    throw refuse(`its label ${IMAGE_LABELS.contract}=${CONTRACT} ${has}`);
  }
  if (wish.isProduction && isStandIn(labels)) {
    throw refuse('it is a stand-in for tests, and NODE_ENV is production');
  }
  if (facts.Config?.Healthcheck?.Test?.[0] === undefined) throw refuse('it has no health check');
  const missing = await missingPrograms(docker, facts.Id, wish.programs, signal);
  if (missing.length > 0) throw refuse(`it does not have, or may not run, ${missing.join(', ')}`);
  const accepts = acceptsIn(labels[IMAGE_LABELS.accepts], refuse);
  return {
    name,
    reference,
    id: facts.Id,
    versions: before?.id === facts.Id ? before.versions : await readVersions(docker, facts.Id, signal),
    source: 'pulled',
    base: null,
    ...(accepts === undefined ? {} : { accepts }),
    present: true,
    createdAt: facts.Created,
  };
}

function acceptsIn(label: string | undefined, refuse: (reason: string) => AppError): Accepts | undefined {
  if (label === undefined) return undefined;
  try {
    return acceptsOf(ACCEPTS.parse(JSON.parse(label)));
  } catch {
    throw refuse(`its label ${IMAGE_LABELS.accepts} is no {"databases":{…},"searchEngines":[…]}`);
  }
}
