import { Button } from '@mantine/core';
import { Link, type LoaderFunctionArgs, useLoaderData } from 'react-router';
import { AccountPage } from '../components/account-page.tsx';
import { customerOf } from '../request/customer-of.ts';

export const meta = () => [{ title: 'Your account · ShopHosting' }];

export function loader({ context }: LoaderFunctionArgs) {
  const { email, isVerified } = customerOf(context).session;
  return { email, isVerified };
}

export default function Profile() {
  const { email, isVerified } = useLoaderData<typeof loader>();
  return (
    <AccountPage tab="/account">
      <div className="card stack">
        <h2>E-mail address</h2>
        <p>{email}</p>
        <p className="soft">
          {isVerified ? 'Confirmed: it is yours.' : 'Not confirmed yet.'} You log in with it, and we write to it.
        </p>
        <div>
          <Button component={Link} to="/account/email" variant="default">
            Change the address
          </Button>
        </div>
      </div>
    </AccountPage>
  );
}
