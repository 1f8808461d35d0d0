import { useLocation } from 'react-router';
import type { ThemeChoice } from '../../page-context.ts';
import { Icon, type IconName } from './icon.tsx';
import './theme-switch.css';

const CHOICES = [
  { theme: 'system', label: 'System', icon: 'screen' },
  { theme: 'light', label: 'Light', icon: 'sun' },
  { theme: 'dark', label: 'Dark', icon: 'moon' },
] as const satisfies readonly { theme: ThemeChoice; label: string; icon: IconName }[];

/** Three buttons of an ordinary form: the choice is kept in a cookie, and the same page comes back in it. */
export function ThemeSwitch({ theme: chosen }: { readonly theme: ThemeChoice }) {
  const { pathname, search } = useLocation();
  return (
    <form method="post" action="/theme" className="themes" aria-label="Colours">
      <input type="hidden" name="from" value={`${pathname}${search}`} />
      {CHOICES.map(({ theme, label, icon }) => (
        <button key={theme} type="submit" name="theme" value={theme} aria-pressed={theme === chosen} title={label}>
          <Icon name={icon} />
          <span className="unseen">{label}</span>
        </button>
      ))}
    </form>
  );
}
