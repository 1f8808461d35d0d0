import { CopyButton } from './copy-button.tsx';
import './reference.css';

/** What to tell the support, ready to be copied. */
export function Reference({ id }: { readonly id: string }) {
  return (
    <p className="reference small soft">
      <span>
        Reference <code>{id}</code>
      </span>
      <CopyButton text={id} what="reference" />
    </p>
  );
}
