import { type ActionFunctionArgs, type LoaderFunctionArgs, useActionData, useLoaderData } from 'react-router';
import { AccountForm } from '../components/account-form.tsx';
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
  return (
    <AccountPage tab="/account/security">
      {answer === undefined ? (
        <AccountForm label="New recovery codes" button="Make new recovery codes">
          <p>
            {recoveryCodesLeft} of your recovery codes are left. You get ten new ones; the old ones open nothing any
            more.
          </p>
        </AccountForm>
      ) : (
        <RecoveryCodes title="Your new recovery codes" codes={answer.codes} />
      )}
    </AccountPage>
  );
}
