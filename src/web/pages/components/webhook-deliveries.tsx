import { Button } from '@mantine/core';
import { Form, useNavigation } from 'react-router';
import type { DeliveryPageView, DeliveryView } from '../../services/webhooks.ts';
import { exactTime } from '../words/durations.ts';
import { DELIVERY_WORDING, outcomeOf } from '../words/webhooks.ts';
import { type DataColumn, DataTable } from './data-table.tsx';
import { StatusBadge } from './status-badge.tsx';
import { TimeAgo } from './time-ago.tsx';
import './webhook-deliveries.css';

/** What a webhook was told, newest first, each with what became of it and *Send again*. */
export function WebhookDeliveries(props: { readonly deliveries: DeliveryPageView; readonly canSend: boolean }) {
  const busy = useNavigation().state !== 'idle';
  const columns: readonly DataColumn<DeliveryView>[] = [
    {
      title: 'Event',
      cell: ({ type, eventId }) => (
        <div className="webhook-delivery">
          <strong>{type}</strong>
          <code className="small soft">{eventId}</code>
        </div>
      ),
    },
    { title: 'State', cell: ({ status }) => <StatusBadge wording={DELIVERY_WORDING[status]} quiet={true} /> },
    {
      title: 'Outcome',
      cell: (delivery) => (
        <div className="webhook-delivery">
          <span>{outcomeOf(delivery)}</span>
          {delivery.nextAttemptAt !== null && delivery.attempts > 0 && (
            <span className="small soft">
              Again at <time dateTime={delivery.nextAttemptAt}>{exactTime(delivery.nextAttemptAt)}</time>
            </span>
          )}
        </div>
      ),
    },
    { title: 'When', cell: ({ createdAt }) => <TimeAgo at={createdAt} /> },
    {
      title: 'Again',
      cell: ({ id, type, eventId }) => (
        <Form method="post" preventScrollReset={true}>
          <input type="hidden" name="intent" value="resend" />
          <input type="hidden" name="delivery" value={id} />
          <Button
            type="submit"
            variant="default"
            size="compact-sm"
            disabled={busy || !props.canSend}
            aria-label={`Send ${type} ${eventId} again`}
          >
            Send again
          </Button>
        </Form>
      ),
    },
  ];
  return (
    <>
      {!props.canSend && <p className="soft small">Nothing can be sent again while this webhook is switched off.</p>}
      <DataTable caption="Deliveries" columns={columns} rows={props.deliveries.items} keyOf={({ id }) => id} />
    </>
  );
}
