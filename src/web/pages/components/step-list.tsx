import type { RunView, StepView } from '../../../stores/present-store.ts';
import { clock, elapsedInWords, guessInWords } from '../words/durations.ts';
import { STEP_WORDING } from '../words/statuses.ts';
import { CopyButton } from './copy-button.tsx';
import { Icon } from './icon.tsx';
import './step-list.css';

/** The run's steps, in order: picture, title, word, time, and what each printed. */
export function StepList(props: {
  readonly run: RunView;
  readonly logs: Readonly<Record<string, string>>;
  readonly usualMs: Readonly<Record<string, number>>;
  /** Since the data came, for the step at work. */
  readonly sinceMs: number;
}) {
  return (
    <ol className="steps" role="list">
      {props.run.steps.map((step) => (
        <Step
          key={step.name}
          step={step}
          log={props.logs[step.name]}
          usualMs={props.usualMs[step.name]}
          sinceMs={props.sinceMs}
        />
      ))}
    </ol>
  );
}

function Step(props: {
  readonly step: StepView;
  readonly log: string | undefined;
  readonly usualMs: number | undefined;
  readonly sinceMs: number;
}) {
  const { step, log } = props;
  const { word, icon } = STEP_WORDING[step.status];
  return (
    <li className="step" data-status={step.status} aria-current={step.status === 'running' ? 'step' : undefined}>
      <span className="step-mark">
        <Icon name={icon} />
      </span>
      <div className="step-text">
        <p className="step-title">{step.title}</p>
        <p className="step-facts small">
          <span className="step-word">{word}</span>
          <Elapsed {...props} />
        </p>
        {log !== undefined && log !== '' && <StepLog title={step.title} log={log} />}
      </div>
    </li>
  );
}

function Elapsed({ step, usualMs, sinceMs }: { step: StepView; usualMs: number | undefined; sinceMs: number }) {
  if (step.status === 'running') {
    return (
      <span className="soft step-time">
        {clock((step.elapsedMs ?? 0) + sinceMs)}
        {usualMs !== undefined && ` · usually ${guessInWords(usualMs)}`}
      </span>
    );
  }
  if (step.elapsedMs === null || step.status === 'waiting' || step.status === 'skipped') return null;
  return <span className="soft step-time">{elapsedInWords(step.elapsedMs)}</span>;
}

function StepLog({ title, log }: { readonly title: string; readonly log: string }) {
  return (
    <details className="step-log">
      <summary className="small">
        Log<span className="unseen"> of: {title}</span>
      </summary>
      <div className="step-log-body">
        <CopyButton text={log} what={`the log of: ${title}`} />
        <pre role="region" aria-label={`Log of: ${title}`} tabIndex={0}>
          {log}
        </pre>
      </div>
    </details>
  );
}
