import type { DeskCapacity } from '../../services/desk.ts';
import { CAPACITY_TEXTS, daysLeftInWords, gigabytes, isShort, shareUsed, usedInWords } from '../words/capacity.ts';
import './capacity-bars.css';

/** What stores use up: a bar each, and the same in words. */
export function CapacityBars({ capacity }: { readonly capacity: readonly DeskCapacity[] }) {
  return (
    <ul className="capacity" role="list">
      {capacity.map((each) => {
        const { title, more } = CAPACITY_TEXTS[each.resource];
        const short = isShort(each);
        return (
          <li key={each.resource} data-short={short || undefined}>
            <p>
              <span className="capacity-title">{title}</span>
              <span>{usedInWords(each)}</span>
            </p>
            <div className="capacity-bar" aria-hidden="true">
              <span style={{ width: `${(shareUsed(each) * 100).toFixed(1)}%` }} />
            </div>
            <p className="small soft">
              {daysLeftInWords(each)}
              {each.promised !== undefined && ` · ${gigabytes(each.promised)} GB promised by plans`}
              {short && (
                <strong className="capacity-short">
                  {' '}
                  Soon needed: <code>{more}</code>
                </strong>
              )}
            </p>
          </li>
        );
      })}
    </ul>
  );
}
