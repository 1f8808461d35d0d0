import { useEffect, useState } from 'react';
import type { PasswordAnswer, PasswordLook } from '../../services.ts';

/** Longer than for a name: who stops for that long reads what is said. */
const PAUSE_MS = 500;

/**
 * What the platform's judge says of a new password, some moments after the last key; `undefined` before that, while it is
 * not worth asking (`look` is `undefined`), or when it cannot be asked. It goes by POST alone, and stays in this page.
 */
export function usePasswordAnswer(look: PasswordLook | undefined): PasswordAnswer | undefined {
  const [answer, setAnswer] = useState<{ readonly about: string; readonly told: PasswordAnswer }>();
  const about = look === undefined ? undefined : JSON.stringify(look);
  useEffect(() => {
    if (about === undefined) return;
    const aborter = new AbortController();
    const timer = setTimeout(() => {
      askAbout(about, aborter.signal).then(
        (told) => setAnswer({ about, told }),
        // The form itself will tell; a look that fails is no news.
        () => undefined,
      );
    }, PAUSE_MS);
    return () => {
      clearTimeout(timer);
      aborter.abort();
    };
  }, [about]);
  return answer !== undefined && answer.about === about ? answer.told : undefined;
}

async function askAbout(body: string, signal: AbortSignal): Promise<PasswordAnswer> {
  const headers = { 'Content-Type': 'application/json' };
  const response = await fetch('/api/passwords', { method: 'POST', body, headers, signal });
  if (!response.ok) throw new Error(`No answer about the password: ${response.status}`);
  return (await response.json()) as PasswordAnswer;
}
