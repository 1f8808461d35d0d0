import type { DeskStepView } from '../../services/desk.ts';
import { elapsedInWords } from '../words/durations.ts';
import { nameInWords } from '../words/runs.ts';
import { STEP_WORDING } from '../words/statuses.ts';
import { CopyButton } from './copy-button.tsx';
import { type DataColumn, DataTable } from './data-table.tsx';
import { StatusBadge } from './status-badge.tsx';
import './run-journal.css';

const COLUMNS: readonly DataColumn<DeskStepView>[] = [
  { title: 'Step', cell: ({ name }) => nameInWords(name) },
  { title: 'State', cell: ({ status }) => <StatusBadge wording={STEP_WORDING[status]} quiet={true} /> },
  {
    title: 'Took',
    isNumber: true,
    cell: ({ elapsedMs, status }) =>
      elapsedMs === null || status === 'waiting' || status === 'skipped' ? '–' : elapsedInWords(elapsedMs),
  },
  { title: 'What it said', cell: (step) => <Said step={step} /> },
];

/** How far a run came, step by step, with what went wrong and what was printed last. */
export function RunJournal({ steps }: { readonly steps: readonly DeskStepView[] }) {
  return <DataTable caption="Steps of this run, in order" columns={COLUMNS} rows={steps} keyOf={({ name }) => name} />;
}

function Said({ step: { name, error, logTail } }: { readonly step: DeskStepView }) {
  const title = nameInWords(name);
  if (error === null && (logTail === null || logTail === '')) return '–';
  return (
    <div className="journal-said">
      {error !== null && (
        <p>
          <code>{error.code}</code> {error.message}
        </p>
      )}
      {logTail !== null && logTail !== '' && (
        <details>
          <summary className="small">
            End of its log<span className="unseen"> ({title})</span>
          </summary>
          <CopyButton text={logTail} what={`the log of: ${title}`} />
          <pre role="region" aria-label={`Log of: ${title}`} tabIndex={0}>
            {logTail}
          </pre>
        </details>
      )}
    </div>
  );
}
