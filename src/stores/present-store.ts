import { CUSTOMER_TEXT_OF } from '../domain/error-texts.ts';
import type { ErrorCode } from '../domain/errors.ts';
import type { RunKind, RunStatus, ShownRun, StepName, StepStatus } from '../domain/run.ts';
import type {
  KeptStatus,
  PlatformName,
  ScheduledDeletion,
  ShownStore,
  StoreError,
  StoreHealth,
  StoreStatus,
  SuspendedBy,
  Suspension,
} from '../domain/store.ts';
import { likelyCauseOf } from './explain-failure.ts';

/** A store as CLI, API and pages show it (contract §2). Times are UTC with milliseconds. */
export interface StoreView {
  readonly id: string;
  readonly name: string;
  readonly title: string;
  readonly platform: PlatformName;
  readonly status: StoreStatus;
  readonly health: StoreHealth;
  /** What is ill, service by service. Only for operators, and only while something is. */
  readonly healthDetail?: string;
  readonly url: string;
  readonly adminUrl: string;
  readonly domain: string;
  readonly port: number;
  readonly plan: string;
  readonly customerId: string;
  readonly versions: Readonly<Record<string, string>>;
  readonly createdAt: string;
  readonly activeAt: string | null;
  readonly run: RunView | null;
  readonly error: StoreErrorView | null;
  /** Only of a store whose visitors see its maintenance page. */
  readonly inMaintenance?: true;
  /** Only of a store that is closed. */
  readonly suspension?: SuspensionView;
  /** Only of a store in its days of grace. */
  readonly deletion?: DeletionView;
}

export interface SuspensionView {
  readonly by: SuspendedBy;
  /** What its owner is to know. The reason itself is for operators. */
  readonly text: string | null;
  readonly at: string;
}

export interface DeletionView {
  readonly previousStatus: KeptStatus;
  readonly at: string;
  /** Until then it can be undone. */
  readonly dueAt: string;
}

export interface RunView {
  readonly id: string;
  readonly kind: RunKind;
  readonly status: RunStatus;
  readonly attempt: number;
  /** Why it failed, or what it met the last time it was tried, while it is not done. */
  readonly error: StoreErrorView | null;
  /** Where the run is: the step at work, the one that failed, else the next one; the last one when all is done. */
  readonly step: StepPlaceView | null;
  readonly steps: readonly StepView[];
}

export interface StepPlaceView {
  readonly name: StepName;
  readonly title: string;
  /** Counts from 1. */
  readonly index: number;
  readonly total: number;
  readonly status: StepStatus;
}

export interface StepView {
  readonly name: StepName;
  readonly title: string;
  readonly status: StepStatus;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
  readonly elapsedMs: number | null;
}

export interface StoreErrorView {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint: string | null;
  readonly step: string | null;
  readonly retryable: boolean;
  readonly at: string;
}

/** What the store's own rows do not say. */
export interface StoreFacts {
  /** With a trailing slash, e.g. `https://demo.localhost:8443/`. */
  readonly url: string;
  readonly titleOf: (step: StepName, kind: RunKind) => string;
  /** For the elapsed time of the step at work. */
  readonly now: Date;
}

/** The store object of the contract. Pure; holds no secret, no UID, no folder. */
export function presentStore(store: ShownStore, run: ShownRun | undefined, facts: StoreFacts): StoreView {
  return {
    id: store.id,
    name: store.name,
    title: store.title,
    platform: store.platform,
    status: store.status,
    health: store.health,
    ...(typeof store.healthDetail === 'string' ? { healthDetail: store.healthDetail } : {}),
    url: facts.url,
    adminUrl: new URL(store.adminPath, facts.url).href,
    domain: store.domain,
    port: store.port,
    plan: store.plan,
    customerId: store.customerId,
    versions: store.versions,
    createdAt: store.createdAt.toISOString(),
    activeAt: isoOrNull(store.activeAt),
    run: run === undefined ? null : presentRun(run, facts),
    error: store.error === null ? null : presentError(store.error),
    ...(store.inMaintenance ? { inMaintenance: true } : {}),
    ...(store.suspension === null ? {} : { suspension: presentSuspension(store.suspension) }),
    ...(store.deletion === null ? {} : { deletion: presentDeletion(store.deletion) }),
  };
}

/**
 * The same for owners and whoever they let hear of it. What an error says is for operators, and so is what a service
 * said: it may hold paths, programs and what a machine answered.
 */
export function forOwner({ healthDetail: _detail, ...view }: StoreView): StoreView {
  const run = view.run && { ...view.run, error: view.run.error && errorForOwner(view.run.error) };
  return { ...view, run, error: view.error && errorForOwner(view.error) };
}

const errorForOwner = (error: StoreErrorView): StoreErrorView => ({
  ...error,
  message: CUSTOMER_TEXT_OF[error.code],
  hint: likelyCauseOf(error.code),
});

const presentSuspension = ({ by, text, at }: Suspension): SuspensionView => ({ by, text, at: at.toISOString() });

const presentDeletion = ({ previousStatus, at, dueAt }: ScheduledDeletion): DeletionView => ({
  previousStatus,
  at: at.toISOString(),
  dueAt: dueAt.toISOString(),
});

function presentRun(run: ShownRun, facts: StoreFacts): RunView {
  const steps = run.steps.map(({ name, status, startedAt, finishedAt }) => ({
    name,
    title: facts.titleOf(name, run.kind),
    status,
    startedAt: isoOrNull(startedAt),
    finishedAt: isoOrNull(finishedAt),
    elapsedMs: startedAt === null ? null : Math.max(0, (finishedAt ?? facts.now).getTime() - startedAt.getTime()),
  }));
  const { id, kind, status, attempt } = run;
  const error = run.error ?? run.steps.find((step) => step.error !== null)?.error ?? null;
  return {
    id,
    kind,
    status,
    attempt,
    error: error === null ? null : presentError(error),
    step: placeIn(steps, run),
    steps,
  };
}

function placeIn(steps: readonly StepView[], run: ShownRun): StepPlaceView | null {
  const inOrder = run.kind === 'teardown' ? steps.toReversed() : steps;
  const step =
    inOrder.find(({ status }) => status === 'running') ??
    inOrder.find(({ status }) => status === 'failed') ??
    inOrder.find(({ status }) => status === 'waiting') ??
    inOrder.at(-1);
  if (step === undefined) return null;
  const { name, title, status } = step;
  return { name, title, index: steps.indexOf(step) + 1, total: steps.length, status };
}

function presentError(error: StoreError): StoreErrorView {
  const { code, message, hint, step, retryable, at } = error;
  return { code, message, hint, step, retryable, at: at.toISOString() };
}

function isoOrNull(date: Date | null): string | null {
  return date === null ? null : date.toISOString();
}
