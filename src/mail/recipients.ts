import { AppError } from '../domain/errors.ts';

/** Where a shop's own mail goes: the envelope its `sendmail` noted in the first header line (docs/reference/images.md). */
export function recipientsOf(raw: Buffer): string[] {
  const head =
    raw
      .subarray(0, 64 * 1024)
      .toString('utf8')
      .split(/\r?\n\r?\n/)[0] ?? '';
  const unfolded = head.replace(/\r?\n[ \t]+/g, ' ');
  const noted = /^X-Shop-Envelope-To:(.*)$/im.exec(unfolded)?.[1];
  const named = [...unfolded.matchAll(/^(?:To|Cc|Bcc):(.*)$/gim)].map((match) => match[1] ?? '').join(',');
  const addresses = (noted ?? named).match(/[^\s<>,;"]+@[^\s<>,;"]+/g) ?? [];
  if (addresses.length > 0) return [...new Set(addresses)];
  throw new AppError('mail_failed', 'The mail names nobody it is for.');
}
