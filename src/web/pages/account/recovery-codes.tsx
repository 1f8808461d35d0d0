import { Button } from '@mantine/core';
import {
  type ActionFunctionArgs,
  Form,
  type LoaderFunctionArgs,
  useActionData,
  useLoaderData,
  useNavigation,
} from 'react-router';
import { AccountPage } from '../components/account-page.tsx';
import { RecoveryCodes } from '../components/recovery-codes.tsx';
import { customerOf } from '../request/customer-of.ts';
import { orProblem } from '../request/problem.ts';
import { requireFresh } from '../request/require-fresh.ts';

export const meta = () => [{ title: 'Recovery codes · ShopHosting' }];

export async function loader({ url, context }: LoaderFunctionArgs) {
  const page = customerOf(context);
  requireFresh(page, url);
  const { recoveryCodesLeft } = await orProblem(page, page.services.security.secondFactors(page.token));
  return { recoveryCodesLeft };
}

export async function action({ url, context }: ActionFunctionArgs) {
  const page = customerOf(context);
  requireFresh(page, url);
  return { codes: await orProblem(page, page.services.security.renewRecoveryCodes(page.token, page.visitor)) };
}

export default function RenewRecoveryCodes() {
  const { recoveryCodesLeft } = useLoaderData<typeof loader>();
  const answer = useActionData<typeof action>();
  const busy = useNavigation().state !== 'idle';
  return (
    <AccountPage tab="/account/security">
      {answer === undefined ? (
        <Form method="post" className="card stack" aria-label="New recovery codes">
          <h2>New recovery codes</h2>
          <p>
            {recoveryCodesLeft} of your recovery codes are left. You get ten new ones; the old ones open nothing any
            more.
          </p>
          <div>
            <Button type="submit" loading={busy}>
              Make new recovery codes
            </Button>
          </div>
        </Form>
      ) : (
        <RecoveryCodes title="Your new recovery codes" codes={answer.codes} />
      )}
    </AccountPage>
  );
}
