import { memo } from 'react';
import { lineTime, piecesOf } from '../words/logs.ts';
import { CopyButton } from './copy-button.tsx';
import type { NumberedLine } from './use-log-lines.ts';

/** One line: when, where from, how much it matters (as a word too), and what it says. */
export const LogLine = memo(function LogLine(props: {
  readonly line: NumberedLine;
  readonly zone: 'utc' | 'local';
  readonly search: string;
  /** The page on which this line is the last one; `null` for lines that tell no time. */
  readonly link: string | null;
}) {
  const { line, zone, search, link } = props;
  return (
    <li data-level={line.level}>
      {line.at === null ? (
        <span className="log-time">-</span>
      ) : (
        <time className="log-time" dateTime={line.at}>
          {lineTime(line.at, zone)}
        </time>
      )}
      <span className="log-source">{line.source}</span>
      <span className="log-level">{line.level}</span>
      <span className="log-text">
        {piecesOf(line.text, search).map(({ text, isFound }, index) =>
          // Pieces of one text never change their places.
          // biome-ignore lint/suspicious/noArrayIndexKey: see above.
          isFound ? <mark key={index}>{text}</mark> : <span key={index}>{text}</span>,
        )}
      </span>
      <CopyButton text={link === null ? line.text : `${line.text}\n${link}`} what="this line with its link" label="" />
    </li>
  );
});
