const startedAt = Date.now();

/** One line on standard error, with the seconds since the launch. */
export function say(line) {
  const seconds = Math.round((Date.now() - startedAt) / 1000);
  process.stderr.write(`[${String(seconds).padStart(3)} s] ${line}\n`);
}
