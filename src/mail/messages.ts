import { AppError } from '../domain/errors.ts';

export interface Message {
  readonly subject: string;
  readonly text: string;
}

type Facts = Readonly<Record<string, string>>;

/** Every kind of mail the platform itself writes: facts → words. No mail ever holds a password. */
const MESSAGES: Readonly<Record<string, (facts: Facts) => Message>> = {
  welcome: (facts) => ({
    subject: `${facts['title']} is open`,
    text: [
      `Hello,`,
      ``,
      `your shop "${facts['title']}" is ready.`,
      ``,
      `  Visit it:        ${facts['url']}`,
      `  Manage it:       ${facts['adminUrl']}`,
      `  Your user name:  ${facts['username']}`,
      ``,
      `Your password is not in this mail, because mail is read by too many machines.`,
      `Find it in your dashboard: ${facts['dashboardUrl']}`,
      ``,
      `You get this mail because somebody (hopefully you) made this shop with your address.`,
      ``,
    ].join('\n'),
  }),
};

/** The words of a mail. Line breaks in facts are folded: a title can never begin a header or a line of its own. */
export function writeMessage(kind: string, facts: Facts): Message {
  const write = MESSAGES[kind];
  if (write === undefined) throw new AppError('internal_error', `There is no mail called ${kind}.`);
  return write(
    Object.fromEntries(Object.entries(facts).map(([key, value]) => [key, value.replace(/\s+/g, ' ').trim()])),
  );
}
