import { SECOND } from '../lib/time.ts';

export interface Progress {
  /** Begins the next numbered part. */
  begin(title: string): void;
  /** A line inside the part. */
  say(line: string): void;
}

/** Lines such as `[  12 s] 3/9 Tools`, with the time since this process began. */
export function createProgress(
  onProgress: (line: string) => void,
  total: number,
  now = () => performance.now(),
): Progress {
  let number = 0;
  const print = (text: string): void => onProgress(`[${String(Math.round(now() / SECOND)).padStart(4)} s] ${text}`);
  return {
    begin(title) {
      number++;
      print(`${number}/${total} ${title}`);
    },
    say: (line) => print(`    ${line}`),
  };
}
