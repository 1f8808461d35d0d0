/** A mail of ours, or the raw bytes of one that a shop wrote. */
export type Letter =
  | {
      /** Letters, digits, `-` and `_`. The same id is the same mail, also for the programs that receive it. */
      readonly id: string;
      readonly to: string;
      readonly subject: string;
      readonly text: string;
      readonly html: string;
    }
  | { readonly id: string; readonly to: readonly string[]; readonly raw: Buffer };

export interface Mailer {
  /** `smtp.example.net:587`, or the folder that mails are written to. */
  readonly where: string;
  /** Delivers, and tells what the server said, or throws `mail_failed`; retryable unless the server refused it for good. */
  send(letter: Letter): Promise<string>;
  /** The server answers and lets us in; resolves to a sentence about it. */
  check(): Promise<string>;
}

/** A mail of ours as nodemailer takes it: text and HTML side by side, answered by no machine (RFC 3834). */
export function messageOf({ id, to, subject, text, html }: Extract<Letter, { subject: string }>, from: string) {
  return {
    from,
    to: { name: '', address: to },
    subject,
    text,
    html,
    messageId: `<${id}@shophosting>`,
    headers: { 'Auto-Submitted': 'auto-generated' },
  };
}
