import { type LoaderFunctionArgs, useLoaderData } from 'react-router';
import { AccountPage } from '../components/account-page.tsx';
import { ActivityList } from '../components/activity-list.tsx';
import { beforeOf } from '../request/before-of.ts';
import { customerOf } from '../request/customer-of.ts';
import { orProblem } from '../request/problem.ts';

const HERE = '/account/activity';

export const meta = () => [{ title: 'Activity · ShopHosting' }];

export async function loader({ request, context }: LoaderFunctionArgs) {
  const page = customerOf(context);
  const before = beforeOf(request);
  const activity = await orProblem(page, page.services.ledger.accountActivity(page.session.customerId, { before }));
  return { activity, isOlder: before !== undefined };
}

export default function ActivityOfAccount() {
  const { activity, isOlder } = useLoaderData<typeof loader>();
  return (
    <AccountPage tab={HERE}>
      <section className="stack" aria-labelledby="activity-heading">
        <h2 id="activity-heading">Activity</h2>
        <p className="soft">
          Everything that was done to your account: who signed in and from where, what was changed. Each store has such
          a list of its own. If you see what you did not do, change your password and sign out every other browser.
        </p>
        <ActivityList activity={activity} to={HERE} isOlder={isOlder} whenEmpty="Nothing has happened yet." />
      </section>
    </AccountPage>
  );
}
