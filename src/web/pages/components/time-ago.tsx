import { useEffect, useState } from 'react';
import { agoInWords, exactTime } from '../words/durations.ts';

/** `3 minutes ago`, with the exact time beneath. The server says the exact one: it does not know the reader's clock. */
export function TimeAgo({ at }: { readonly at: string }) {
  const [words, setWords] = useState(exactTime(at));
  useEffect(() => setWords(agoInWords(Date.now() - Date.parse(at))), [at]);
  return (
    <time dateTime={at} title={exactTime(at)}>
      {words}
    </time>
  );
}
