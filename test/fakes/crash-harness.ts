import type { RunInput, RunKind } from '../../src/domain/run.ts';
import { createChanges } from '../../src/provisioning/changes.ts';
import { createFailureMail } from '../../src/provisioning/failure-mail.ts';
import { createRunPerformer, type RunOutcome, type RunPerformerDeps } from '../../src/provisioning/perform-run.ts';
import { createPipeline } from '../../src/provisioning/pipeline.ts';
import { createRunner } from '../../src/provisioning/runner.ts';
import type { Step } from '../../src/provisioning/step.ts';
import { FakeWorld } from './fake-world.ts';

/** One process: takes the run as far as it comes. A crash shows as a rejected or parked run, never as a verdict. */
export async function work(
  world: FakeWorld,
  orderCertificate: RunPerformerDeps['orderCertificate'] = async () => undefined,
): Promise<RunOutcome | 'crashed'> {
  let count = 0;
  const steps = createPipeline(world.pipelineDeps(() => `secret-${world.fence}-${(count += 1)}`));
  const changes = createChanges(world.changeDeps(stepNamed(steps, 'start-containers')));
  const perform = createRunPerformer({
    owner: 'worker',
    ...world.performerPort,
    journal: world.journalPort,
    runner: createRunner({ steps, changes, journal: world.journalPort, now: () => new Date(0) }),
    emptyPages: world.emptyPages,
    announce: world.announce,
    orderCertificate,
    tellOwner: createFailureMail({ outbox: world.outbox, pageOf: ({ id }) => `https://localhost/stores/${id}` }),
    now: () => new Date(0),
    log: { info: () => undefined, warn: () => undefined },
  });
  return perform(world.runId, new AbortController().signal).catch(() => 'crashed');
}

function stepNamed(steps: readonly Step[], wanted: string): Step {
  const step = steps.find(({ name }) => name === wanted);
  if (step === undefined) throw new Error(`There is no step ${wanted}`);
  return step;
}

/** What those kinds are asked for with that want to know more. */
export const INPUTS: Partial<Readonly<Record<RunKind, RunInput>>> = {
  resize: { plan: 'business' },
  configure: { timezone: 'Europe/Berlin', phpUpload: '128' },
  'change-address': { from: 'demo.localhost', to: 'shop.example.com' },
};

/** A new world on which these have been done, one after the other; and how many effects the last of them had. */
export async function cleanRun(kinds: readonly RunKind[]): Promise<{ world: FakeWorld; effects: number }> {
  const world = new FakeWorld();
  for (const kind of kinds) {
    world.order(kind, INPUTS[kind]);
    world.boot();
    const outcome = await work(world);
    if (outcome !== 'done') throw new Error(`${kind} ended as ${outcome}`);
  }
  return { world, effects: world.effects.length };
}
