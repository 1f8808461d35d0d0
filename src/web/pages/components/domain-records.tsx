import type { RecordView } from '../../../domains/present-domain.ts';
import { RECORD_WORDING } from '../words/domains.ts';
import { CopyButton } from './copy-button.tsx';
import { StatusBadge } from './status-badge.tsx';
import './domain-records.css';

/** What to set at the registrar, each value to copy, and beside it what is there now. */
export function DomainRecords(props: { readonly hostname: string; readonly records: readonly RecordView[] }) {
  return (
    <table className="records">
      <caption className="unseen">Records of {props.hostname}: expected beside found</caption>
      <thead>
        <tr>
          <th scope="col">Type</th>
          <th scope="col">Name</th>
          <th scope="col">Value</th>
          <th scope="col">TTL</th>
          <th scope="col">Found</th>
        </tr>
      </thead>
      <tbody>
        {props.records.map((record) => (
          <tr key={`${record.type} ${record.name} ${record.value}`}>
            <td data-word="Type">
              <strong>{record.type}</strong>
            </td>
            <td data-word="Name">
              <Copied text={record.name} what={`name of the ${record.type} record`} />
              {record.label !== record.name && (
                <span className="soft small">
                  or only <code>{record.label}</code>
                </span>
              )}
            </td>
            <td data-word="Value">
              <Copied text={record.value} what={`value of the ${record.type} record`} />
            </td>
            <td data-word="TTL">
              <Copied text={String(record.ttl)} what={`TTL of the ${record.type} record`} />
            </td>
            <td data-word="Found">
              <StatusBadge wording={RECORD_WORDING[record.status]} />
              {record.found.map((value) => (
                <code key={value}>{value}</code>
              ))}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Copied({ text, what }: { readonly text: string; readonly what: string }) {
  return (
    <span className="copied">
      <code>{text}</code>
      <CopyButton text={text} what={what} />
    </span>
  );
}
