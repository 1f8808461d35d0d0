import { Link } from 'react-router';
import type { StoreView } from '../../../stores/present-store.ts';
import { Icon } from './icon.tsx';
import './next-things.css';

/** The three things that a new owner does first, each a link to where it is done. */
export function NextThings({ store }: { readonly store: StoreView }) {
  const isShop = store.platform === 'woocommerce';
  const at = (path: string) => new URL(path, store.adminUrl).href;
  return (
    <section className="card next-things" aria-labelledby="next-title">
      <h2 id="next-title">The next three things</h2>
      <ol>
        <li>
          <Link to={`/stores/${store.id}/credentials`}>Look up your password</Link>
          <span className="soft">and log in to the administration with it.</span>
        </li>
        <li>
          <a href={isShop ? at('post-new.php?post_type=product') : at('post-new.php')}>
            {isShop ? 'Add your first product' : 'Write your first page'}
          </a>
          <span className="soft">{isShop ? 'with a price and a picture.' : 'so that visitors find something.'}</span>
        </li>
        <li>
          <a href={isShop ? at('admin.php?page=wc-settings') : at('options-general.php')}>
            {isShop ? 'Set up payment and delivery' : 'Give it a title'}
          </a>
          <span className="soft">{isShop ? 'so that orders can come in.' : 'as your visitors shall read it.'}</span>
        </li>
      </ol>
      <p className="small soft">
        <Icon name="lock" /> HTTPS is on already; there is nothing to do for it.
      </p>
    </section>
  );
}
