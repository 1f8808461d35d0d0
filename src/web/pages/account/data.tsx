import { Button } from '@mantine/core';
import { Link } from 'react-router';
import { AccountPage } from '../components/account-page.tsx';
import '../components/danger-row.css';

export const meta = () => [{ title: 'Your data · ShopHosting' }];

export default function Data() {
  return (
    <AccountPage tab="/account/data">
      <div className="card stack">
        <h2>Everything we keep about you</h2>
        <p className="soft">
          Your account, stores, sessions, mails and all that was done, as one file (JSON). No password or key is in it.
        </p>
        <form method="post" action="/account/export">
          <Button type="submit" variant="default">
            Download my data
          </Button>
        </form>
      </div>
      <div className="card stack danger-card">
        <h2>Delete your account</h2>
        <p className="soft">
          Your shops close now; they and your account go in 14 days. Until then you can keep them after all.
        </p>
        <div>
          <Button component={Link} to="/account/delete" variant="default" className="danger-button">
            Delete my account
          </Button>
        </div>
      </div>
    </AccountPage>
  );
}
