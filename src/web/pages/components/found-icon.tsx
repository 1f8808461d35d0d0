import type { Found } from '../../services/find.ts';
import { Icon, type IconName } from './icon.tsx';

const ICON_OF = { store: 'box', customer: 'mail', page: 'arrow' } as const satisfies Record<Found['kind'], IconName>;

/** What kind of place it is; the words beside it say the rest. */
export function FoundIcon({ kind }: { readonly kind: Found['kind'] }) {
  return <Icon name={ICON_OF[kind]} />;
}
