import { Button } from '@mantine/core';
import { Link } from 'react-router';
import { AccountPage } from '../components/account-page.tsx';

export const meta = () => [{ title: 'Security · ShopHosting' }];

export default function Security() {
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
    </AccountPage>
  );
}
