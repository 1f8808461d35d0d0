/** `25 Nov 2026, 17:26 UTC`: for mails, whose reader's clock nobody knows. */
export function momentInWords(at: Date): string {
  const format = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short', timeZone: 'UTC' });
  return `${format.format(at)} UTC`;
}
