import { Button } from '@mantine/core';
import { type FormEvent, type ReactNode, useEffect, useRef } from 'react';
import { useBlocker } from 'react-router';
import type { Refusal } from '../request/form.ts';
import './unsaved-guard.css';

/**
 * Whoever has changed something in a form below it and not sent that is asked before the page goes: by a dialog of ours
 * for another page of the panel, by the browser's own for everything else. Without scripts nobody is asked.
 */
export function UnsavedGuard(props: { readonly refusal: Refusal | undefined; readonly children: ReactNode }) {
  const changed = useRef(new Set<HTMLFormElement>());
  const sent = useRef<HTMLFormElement>(null);
  useEffect(() => {
    if (props.refusal !== undefined && sent.current !== null) changed.current.add(sent.current);
  }, [props.refusal]);
  useEffect(() => {
    const ask = (event: BeforeUnloadEvent): void => {
      if (isAnyThere(changed.current)) event.preventDefault();
    };
    addEventListener('beforeunload', ask);
    return () => removeEventListener('beforeunload', ask);
  }, []);
  const note = ({ target }: FormEvent): void => {
    const form = target instanceof Element ? target.closest('form') : null;
    if (form !== null) changed.current.add(form);
  };
  const forget = ({ target }: FormEvent): void => {
    if (!(target instanceof HTMLFormElement)) return;
    // Refused it is as unsaved as it was before: one in which nothing was changed has nothing to lose.
    sent.current = changed.current.delete(target) ? target : null;
  };
  const blocker = useBlocker(
    ({ currentLocation, nextLocation }) =>
      currentLocation.pathname !== nextLocation.pathname && isAnyThere(changed.current),
  );
  return (
    <div className="stack" onChange={note} onSubmit={forget}>
      {props.children}
      {blocker.state === 'blocked' && <Question onLeave={blocker.proceed} onStay={blocker.reset} />}
    </div>
  );
}

/** A form that the page has taken away meanwhile has nothing to lose. */
const isAnyThere = (forms: ReadonlySet<HTMLFormElement>): boolean => [...forms].some((form) => form.isConnected);

function Question({ onLeave, onStay }: { readonly onLeave: () => void; readonly onStay: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} className="question" aria-labelledby="unsaved-title" onClose={onStay}>
      <h2 id="unsaved-title">Leave without saving?</h2>
      <p>What you have changed on this page is not saved.</p>
      <div className="row">
        {/* biome-ignore lint/a11y/noAutofocus: the harmless one of two, in a dialog that asks. */}
        <Button autoFocus={true} onClick={onStay}>
          Stay here
        </Button>
        <Button variant="default" onClick={onLeave}>
          Leave without saving
        </Button>
      </div>
    </dialog>
  );
}
