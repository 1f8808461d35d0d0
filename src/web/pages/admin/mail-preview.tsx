import { Button } from '@mantine/core';
import {
  type ActionFunctionArgs,
  Form,
  type LoaderFunctionArgs,
  redirect,
  useLoaderData,
  useNavigation,
} from 'react-router';
import { DeskFrame } from '../components/desk-frame.tsx';
import { FactGrid } from '../components/fact-grid.tsx';
import { StatusBadge } from '../components/status-badge.tsx';
import { TimeAgo } from '../components/time-ago.tsx';
import { flash } from '../request/flash.ts';
import { pageOf } from '../request/page-of.ts';
import { orProblem } from '../request/problem.ts';
import { deskPageTitle } from '../words/desk-tabs.ts';
import { MAIL_WORDING } from '../words/mails.ts';
import { nameInWords } from '../words/runs.ts';

export const meta = () => [{ title: deskPageTitle('Mail') }];

/** A mail's own, which holds its dark scheme alone: our pages let no style sheet in but ours, and the frame is one of them. */
const STYLE_SHEET = /<style>[^<]*<\/style>/g;

export async function loader({ params, context }: LoaderFunctionArgs) {
  const page = pageOf(context);
  const { html, ...preview } = await orProblem(page, page.services.mail.preview(params['mailId'] ?? ''));
  return { ...preview, html: html.replaceAll(STYLE_SHEET, '') };
}

/** Due at once, with all its attempts. */
export async function action({ params, context }: ActionFunctionArgs) {
  const page = pageOf(context);
  const mailId = params['mailId'] ?? '';
  await orProblem(page, page.services.mail.resend(mailId, page.origin));
  return redirect(`/admin/mail/${mailId}`, { status: 303, headers: flash(page, 'The mail is due now.') });
}

export default function MailPreview() {
  const { mail, subject, html, text } = useLoaderData<typeof loader>();
  const busy = useNavigation().state !== 'idle';
  return (
    <DeskFrame tab="mail" title={subject} about="Links that work once are blanked here, not in the mail itself.">
      <div className="desk-actions">
        <Form method="post">
          <Button type="submit" variant="default" loading={busy}>
            {mail.status === 'sent' ? 'Send once more' : 'Send now'}
          </Button>
        </Form>
      </div>
      <FactGrid
        facts={[
          { key: 'to', label: 'To', value: mail.recipient ?? 'whom the shop names' },
          { key: 'kind', label: 'Kind', value: nameInWords(mail.kind) },
          { key: 'state', label: 'State', value: <StatusBadge wording={MAIL_WORDING[mail.status]} /> },
          { key: 'attempts', label: 'Attempts', value: mail.attempts },
          { key: 'written', label: 'Written', value: <TimeAgo at={mail.createdAt} /> },
          ...(mail.sentAt === null ? [] : [{ key: 'sent', label: 'Sent', value: <TimeAgo at={mail.sentAt} /> }]),
          ...(mail.error === null ? [] : [{ key: 'error', label: 'Last error', value: mail.error.message }]),
        ]}
      />
      <h2 className="desk-subtitle">What it says</h2>
      {/* No script, no form, no address of ours: whatever stands in a mail stays in its frame. */}
      <iframe className="mail-frame" title={`The mail: ${subject}`} sandbox="" srcDoc={html} />
      <details className="desk-details">
        <summary>As text</summary>
        <pre className="ledger-facts">{text}</pre>
      </details>
    </DeskFrame>
  );
}
