import { useEffect, useState } from 'react';
import type { NameAnswer } from '../../services.ts';

/** Long enough to finish a word, short enough to feel at once. */
const PAUSE_MS = 250;

/** What the platform says to a name, some moments after the last key; `undefined` before that, or when it cannot be asked. */
export function useNameAnswer(typed: string): NameAnswer | undefined {
  const [answer, setAnswer] = useState<{ readonly typed: string; readonly told: NameAnswer }>();
  const name = typed.trim();
  useEffect(() => {
    if (name === '') return;
    const aborter = new AbortController();
    const timer = setTimeout(() => {
      askFor(name, aborter.signal).then(
        (told) => setAnswer({ typed: name, told }),
        // The form itself will tell; a preview that fails is no news.
        () => undefined,
      );
    }, PAUSE_MS);
    return () => {
      clearTimeout(timer);
      aborter.abort();
    };
  }, [name]);
  return answer?.typed === name ? answer.told : undefined;
}

async function askFor(name: string, signal: AbortSignal): Promise<NameAnswer> {
  const response = await fetch(`/api/names?name=${encodeURIComponent(name)}`, { signal });
  if (!response.ok) throw new Error(`No answer about the name: ${response.status}`);
  return (await response.json()) as NameAnswer;
}
