import type { MailTrial } from '../../services/settings.ts';

/** What became of a mail that was sent to try the way out, and what to do about it. */
export function trialInWords(trial: MailTrial): string {
  switch (trial.outcome) {
    case 'accepted':
      return `The mail to ${trial.to} left as ${trial.from}, and the server took it: “${trial.answer}”. Look into your mailbox, and among the spam.`;
    case 'failed':
      return `The mail to ${trial.to} did not leave. ${trial.sentence}${trial.answer === null ? '' : ` It said: “${trial.answer}”.`}`;
    case 'left-by-itself':
      return 'Something in your shop sends its mail by itself, past these settings: look at its plugins.';
  }
}
