import type { ThemeChoice } from '../../page-context.ts';
import { useFooterFacts } from './answer-facts.ts';
import { ThemeSwitch } from './theme-switch.tsx';
import './frame-footer.css';

/** The foot of every page: where else there is something to read, as far as there is, and the colours. */
export function FrameFooter({ theme }: { readonly theme: ThemeChoice }) {
  return (
    <footer className="frame-footer">
      <p className="small soft">Your shop, in containers of its own.</p>
      <FooterLinkList />
      <ThemeSwitch theme={theme} />
    </footer>
  );
}

function FooterLinkList() {
  const facts = useFooterFacts();
  if (facts === undefined) return null;
  const { links, termsUrl, support } = facts;
  const shown = [
    { label: 'Guide', to: links.guide },
    { label: 'API', to: '/api/docs' },
    { label: 'Source', to: links.source },
    { label: 'Status', to: links.status },
    { label: 'Terms', to: termsUrl },
    { label: 'Help', to: support === null ? null : `mailto:${support}` },
  ];
  return (
    <nav aria-label="More" className="frame-more">
      <ul role="list">
        {shown.map(({ label, to }) =>
          to === null ? null : (
            <li key={label}>
              <a href={to}>{label}</a>
            </li>
          ),
        )}
      </ul>
    </nav>
  );
}
