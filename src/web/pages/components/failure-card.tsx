import { Button } from '@mantine/core';
import { Form, useNavigation } from 'react-router';
import type { FailureView } from '../../services.ts';
import { ContactSupport } from './contact-support.tsx';
import { Icon } from './icon.tsx';
import { Reference } from './reference.tsx';
import './failure-card.css';

/** What went wrong in plain words, why, what was tried, and the way on. */
export function FailureCard({ storeId, failure }: { readonly storeId: string; readonly failure: FailureView }) {
  const busy = useNavigation().state !== 'idle';
  return (
    <section className="failure" aria-labelledby="failure-title">
      <h2 id="failure-title">
        <Icon name="alert" />
        {failure.sentence}
      </h2>
      <dl>
        <div>
          <dt>Likely cause</dt>
          <dd>{failure.likelyCause}</dd>
        </div>
        <div>
          <dt>What we tried</dt>
          <dd>{failure.whatWeTried}</dd>
        </div>
      </dl>
      {failure.canRetry && (
        <Form method="post" action={`/stores/${storeId}/retry`} className="row">
          <Button type="submit" loading={busy} leftSection={<Icon name="retry" />}>
            Retry
          </Button>
          <span className="small soft">It goes on where it stopped. What is done stays done.</span>
        </Form>
      )}
      <Reference id={failure.reference} />
      <div>
        <ContactSupport reference={failure.reference} />
      </div>
    </section>
  );
}
