import { Notice } from './notice.tsx';
import './platform-banner.css';

/** What operators tell everybody, above what the page is about. */
export function PlatformBanner({ text }: { readonly text: string }) {
  return (
    <aside className="platform-banner" aria-label="From the platform">
      <Notice icon="clock" tone="waiting">
        {text}
      </Notice>
    </aside>
  );
}
