import { Button } from '@mantine/core';
import { Link, type LoaderFunctionArgs, useLoaderData } from 'react-router';
import { AccountPage } from '../components/account-page.tsx';
import { SecondFactorCards } from '../components/second-factor-cards.tsx';
import { customerOf } from '../request/customer-of.ts';
import { orProblem } from '../request/problem.ts';

export const meta = () => [{ title: 'Security · ShopHosting' }];

export async function loader({ context }: LoaderFunctionArgs) {
  const page = customerOf(context);
  const factors = await orProblem(page, page.services.security.secondFactors(page.token));
  return { factors, isOperator: page.session.role === 'operator' };
}

export default function Security() {
  const { factors, isOperator } = useLoaderData<typeof loader>();
  return (
    <AccountPage tab="/account/security">
      <div className="card stack">
        <h2>Password</h2>
        <p className="soft">What you log in with. When it changes, every other browser is signed out.</p>
        <div>
          <Button component={Link} to="/account/password" variant="default">
            Change the password
          </Button>
        </div>
      </div>
      <SecondFactorCards factors={factors} isOperator={isOperator} />
    </AccountPage>
  );
}
