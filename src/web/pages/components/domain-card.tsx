import { Button } from '@mantine/core';
import { Form, Link } from 'react-router';
import type { DomainView } from '../../../domains/present-domain.ts';
import { DOMAIN_WORDING, dayInWords } from '../words/domains.ts';
import { DomainRecords } from './domain-records.tsx';
import { Icon } from './icon.tsx';
import { StatusBadge } from './status-badge.tsx';
import { TimeAgo } from './time-ago.tsx';
import { TimeUntil } from './time-until.tsx';
import './domain-card.css';

/** One domain: how it stands, what stands in the way with the one thing to do, its records, its certificate. */
export function DomainCard(props: {
  readonly domain: DomainView;
  readonly isBusy: boolean;
  /** The store is on its way to another address. */
  readonly isMoving: boolean;
}) {
  const { domain } = props;
  const { sentence, ...wording } = DOMAIN_WORDING[domain.state];
  const title = `domain-${domain.id}`;
  return (
    <section className="card stack domain" aria-labelledby={title}>
      <div className="domain-head">
        <h3 id={title}>{domain.validAt === null ? domain.hostname : <a href={domain.url}>{domain.hostname}</a>}</h3>
        <div className="row">
          {domain.isPrimary && <StatusBadge wording={{ word: 'Primary', icon: 'world', tone: 'good' }} quiet={true} />}
          <StatusBadge wording={domain.isLeaving ? LEAVING : wording} />
        </div>
      </div>
      <p className="soft" role="status">
        {domain.isLeaving ? 'It is being removed.' : sentence}
      </p>
      <Diagnoses domain={domain} />
      {!domain.isLeaving && (
        <details open={domain.state !== 'valid'}>
          <summary>DNS records</summary>
          {domain.dnsHost !== null && (
            <p className="small">
              The DNS of this domain is kept at <strong>{domain.dnsHost.name}</strong>: set them there.{' '}
              {domain.dnsHost.hint}
            </p>
          )}
          <DomainRecords hostname={domain.hostname} records={domain.records} />
        </details>
      )}
      {domain.validAt !== null && <Certificate domain={domain} />}
      <p className="soft small">
        {domain.checkedAt === null ? (
          'Not looked at yet: in a few seconds.'
        ) : (
          <>
            Looked at <TimeAgo at={domain.checkedAt} />. We look again by ourselves,{' '}
            <TimeUntil at={domain.nextCheckAt} />.
          </>
        )}
      </p>
      {!domain.isLeaving && <Actions {...props} />}
    </section>
  );
}

const LEAVING = { word: 'Leaving', icon: 'trash', tone: 'waiting' } as const;

function Diagnoses({ domain }: { readonly domain: DomainView }) {
  if (domain.diagnoses.length === 0) return null;
  return (
    <ul role="list" className="diagnoses">
      {domain.diagnoses.map(({ code, isAdvice, sentence, fix }) => (
        <li key={code} data-advice={isAdvice || undefined}>
          <Icon name={isAdvice ? 'mail' : 'alert'} />
          <div>
            <p>{sentence}</p>
            <p>
              <strong>{isAdvice ? 'Worth doing:' : 'What to do:'}</strong> {fix}
            </p>
          </div>
        </li>
      ))}
    </ul>
  );
}

function Certificate({ domain: { certificate, hostname } }: { readonly domain: DomainView }) {
  if (certificate === null) return null;
  const { issuer, notBefore, notAfter, lastTry, isPubliclyTrusted } = certificate;
  return (
    <dl className="certificate" aria-label={`Certificate of ${hostname}`}>
      <div>
        <dt>Certificate by</dt>
        <dd>
          {issuer ?? 'nobody yet'}
          {issuer !== null && !isPubliclyTrusted && ' (browsers do not know it)'}
        </dd>
      </div>
      {notBefore !== null && notAfter !== null && (
        <div>
          <dt>Valid</dt>
          <dd>
            from <time dateTime={notBefore}>{dayInWords(notBefore)}</time> until{' '}
            <time dateTime={notAfter}>{dayInWords(notAfter)}</time>, renewed by us in time
          </dd>
        </div>
      )}
      {lastTry !== null && (
        <div>
          <dt>Last try</dt>
          <dd>
            <TimeAgo at={lastTry.at} />: {lastTry.isDone ? 'issued' : lastTry.reason}
          </dd>
        </div>
      )}
    </dl>
  );
}

function Actions({ domain, isBusy, isMoving }: Parameters<typeof DomainCard>[0]) {
  const { hostname, storeId } = domain;
  return (
    <div className="row">
      <Act hostname={hostname} intent="check" label="Check now" isBusy={isBusy} />
      {domain.state === 'valid' && !domain.isPrimary && !isMoving && (
        <Act hostname={hostname} intent="primary" label="Make it the primary domain" isBusy={isBusy} />
      )}
      {domain.validAt !== null && !domain.isPrimary && (
        <Act
          hostname={hostname}
          intent={domain.isRedirecting ? 'stay' : 'redirect'}
          label={domain.isRedirecting ? 'Serve the store here too' : 'Send visitors on'}
          isBusy={isBusy}
        />
      )}
      {!domain.isPrimary && (
        <Button
          component={Link}
          to={`/stores/${storeId}/domains/${hostname}/remove`}
          variant="subtle"
          color="red"
          leftSection={<Icon name="trash" />}
        >
          Remove
        </Button>
      )}
    </div>
  );
}

function Act(props: {
  readonly hostname: string;
  readonly intent: 'check' | 'stay' | 'redirect' | 'primary';
  readonly label: string;
  readonly isBusy: boolean;
}) {
  return (
    <Form method="post" preventScrollReset={true}>
      <input type="hidden" name="domain" value={props.hostname} />
      <Button
        type="submit"
        name="intent"
        value={props.intent}
        variant={props.intent === 'primary' ? 'filled' : 'default'}
        disabled={props.isBusy}
        aria-label={`${props.label}: ${props.hostname}`}
      >
        {props.label}
      </Button>
    </Form>
  );
}
