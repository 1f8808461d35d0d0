import { AppError } from '../domain/errors.ts';
import { isMailKind, readFacts } from './mail-kinds.ts';

export interface Message {
  readonly subject: string;
  /** A whole document that loads nothing from anywhere. */
  readonly html: string;
  /** The same words for readers without HTML. */
  readonly text: string;
}

/**
 * The words of a queued mail, as HTML and as text. Throws `internal_error` for a kind that does not exist or facts that
 * do not fit it: such a mail never gets better. `support` is whom its reader may write to, told at its foot. The templates are loaded by the first mail, since they bring React.
 */
export async function writeMessage(kind: string, payload: unknown, support: string | null = null): Promise<Message> {
  if (!isMailKind(kind)) throw new AppError('internal_error', `There is no mail called ${kind}.`);
  const facts = readFacts(kind, payload);
  const { renderTemplate } = await import('./templates/render-template.ts');
  return renderTemplate(kind, facts, support);
}
