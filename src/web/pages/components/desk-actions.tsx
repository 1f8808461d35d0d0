import { Button } from '@mantine/core';
import { Form, Link, useNavigation } from 'react-router';
import type { DeskActs } from '../../services/desk.ts';
import { Icon } from './icon.tsx';

/** What an operator may ask of a store as it is now. Each is an ordinary form. */
export function DeskActions({ storeId, acts }: { readonly storeId: string; readonly acts: DeskActs }) {
  const busy = useNavigation().state !== 'idle';
  const offered = [
    ...(acts.canRetry ? [{ act: 'retry', label: 'Retry', about: 'Goes on where it stopped.' }] : []),
    ...(acts.canRepair
      ? [{ act: 'repair', label: 'Repair', about: 'Walks over all steps once more; nothing that is well is touched.' }]
      : []),
    ...(acts.canResume ? [{ act: 'resume', label: 'Resume', about: 'Opens it again, whoever closed it.' }] : []),
  ];
  if (offered.length === 0 && !acts.canDelete && !acts.canSuspend && !acts.canResize) return null;
  return (
    <div className="desk-actions">
      {offered.map(({ act, label, about }) => (
        <Form key={act} method="post" action={`/admin/stores/${storeId}/act`} className="row">
          <input type="hidden" name="act" value={act} />
          <Button type="submit" loading={busy} variant="default" leftSection={<Icon name="retry" />}>
            {label}
          </Button>
          <span className="small soft">{about}</span>
        </Form>
      ))}
      {acts.canResize && (
        <div className="row">
          <Button component={Link} to={`/admin/stores/${storeId}/plan`} variant="default">
            Change the plan
          </Button>
          <span className="small soft">While it is open; nothing is restarted.</span>
        </div>
      )}
      {acts.canSuspend && (
        <div className="row">
          <Button
            component={Link}
            to={`/admin/stores/${storeId}/suspend`}
            variant="default"
            leftSection={<Icon name="paused" />}
          >
            Suspend
          </Button>
          <span className="small soft">Closes it; everything in it is kept.</span>
        </div>
      )}
      {acts.canDelete && (
        <div className="row">
          <Button
            component={Link}
            to={`/admin/stores/${storeId}/delete`}
            variant="default"
            leftSection={<Icon name="trash" />}
          >
            Delete
          </Button>
          <span className="small soft">Takes all of it away at once, without days of grace; asks first.</span>
        </div>
      )}
    </div>
  );
}
