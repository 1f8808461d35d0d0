import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react';
import { useFetcher, useNavigate } from 'react-router';
import type { Found } from '../../services/find.ts';
import { FoundIcon } from './found-icon.tsx';
import { useShortcuts } from './use-shortcuts.ts';
import '../find.css';
import './palette.css';

/** How long somebody pauses between two letters of one word. */
const TYPING_PAUSE_MS = 120;

/**
 * Where to go, from any page: Ctrl or ⌘ and K, or `/find` where there are no scripts. Everything by keyboard; the
 * dialog is the browser's own, so Escape closes it and the focus goes back to where it was. The way to it is for a row
 * of links; the dialogs stand where nothing around them is ever hidden.
 */
export function usePalette(): { readonly way: ReactNode; readonly dialogs: ReactNode } {
  const dialog = useRef<HTMLDialogElement>(null);
  const help = useRef<HTMLDialogElement>(null);
  const [isOpen, setOpen] = useState(false);
  const open = (): void => {
    if (dialog.current === null || isAnyOpen(dialog.current, help.current)) return;
    setOpen(true);
    dialog.current.showModal();
  };
  const openHelp = (): void => {
    if (!isAnyOpen(dialog.current, help.current)) help.current?.showModal();
  };
  useShortcuts({ onFind: open, onHelp: openHelp });
  return {
    way: (
      <a
        href="/find"
        className="frame-link palette-way"
        aria-keyshortcuts="Control+K Meta+K"
        onClick={(event) => {
          event.preventDefault();
          open();
        }}
      >
        Find
        <kbd className="needs-script" aria-hidden="true">
          Ctrl K
        </kbd>
      </a>
    ),
    dialogs: (
      <>
        <dialog ref={dialog} className="palette" aria-label="Find" onClose={() => setOpen(false)}>
          {isOpen && <Search onDone={() => dialog.current?.close()} />}
        </dialog>
        <dialog ref={help} className="palette palette-help" aria-labelledby="palette-help-title">
          <h2 id="palette-help-title">Keys</h2>
          <dl>
            {KEYS.map(([keys, what]) => (
              <div key={what}>
                <dt>{what}</dt>
                <dd>
                  <kbd>{keys}</kbd>
                </dd>
              </div>
            ))}
          </dl>
          <form method="dialog">
            <button type="submit" className="frame-link">
              Close
            </button>
          </form>
        </dialog>
      </>
    ),
  };
}

const isAnyOpen = (...dialogs: readonly (HTMLDialogElement | null)[]): boolean =>
  dialogs.some((each) => each?.open === true);

const KEYS = [
  ['Ctrl K or ⌘ K', 'Find a store, a page or an action'],
  ['?', 'These keys'],
  ['Tab', 'From one thing to the next'],
  ['Esc', 'Close what is open'],
] as const;

function Search({ onDone }: { readonly onDone: () => void }) {
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const { data, load } = useFetcher<{ readonly text: string; readonly found: readonly Found[] }>();
  const navigate = useNavigate();
  const list = useId();
  useEffect(() => {
    const timer = setTimeout(() => void load(`/find?q=${encodeURIComponent(text)}`), TYPING_PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text, load]);
  const found = data?.found ?? [];
  const chosen = found[Math.min(at, found.length - 1)];
  const go = ({ to }: Found): void => {
    onDone();
    void navigate(to);
  };
  const onKey = (event: KeyboardEvent): void => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined && found.length > 0) {
      event.preventDefault();
      setAt((Math.min(at, found.length - 1) + step + found.length) % found.length);
    } else if (event.key === 'Enter' && chosen !== undefined) {
      event.preventDefault();
      go(chosen);
    }
  };
  return (
    <>
      <input
        type="text"
        role="combobox"
        aria-label="Store or page"
        aria-expanded={true}
        aria-controls={list}
        aria-autocomplete="list"
        aria-activedescendant={chosen === undefined ? undefined : `${list}-${found.indexOf(chosen)}`}
        placeholder="Where to?"
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        // biome-ignore lint/a11y/noAutofocus: it is what the dialog was opened for.
        autoFocus={true}
        value={text}
        onChange={(event) => {
          setText(event.currentTarget.value);
          setAt(0);
        }}
        onKeyDown={onKey}
      />
      <div id={list} role="listbox" aria-label="Places" className="palette-list">
        {found.map((place, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the field above has the keys, as a combobox does.
          <div
            key={`${place.kind}${place.to}`}
            id={`${list}-${index}`}
            role="option"
            tabIndex={-1}
            aria-selected={place === chosen}
            onClick={() => go(place)}
          >
            <FoundIcon kind={place.kind} />
            <span>{place.label}</span>
            <span className="small soft">{place.more}</span>
          </div>
        ))}
      </div>
      <p className="small soft palette-note" role="status">
        {data !== undefined && found.length === 0 ? 'Nothing is called that. Names are found by how they begin.' : ''}
      </p>
    </>
  );
}
