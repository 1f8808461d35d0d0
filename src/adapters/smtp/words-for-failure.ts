import type { AppError } from '../../domain/errors.ts';

/** What went wrong with a mail, for its sender: a sentence, and what the server said where it said something. */
export interface MailFailureWords {
  readonly sentence: string;
  readonly answer: string | null;
}

const ANSWER_MAX = 300;

/** By the code that nodemailer gives its errors (nodemailer.com/errors). */
const SENTENCES: Readonly<Record<string, string>> = {
  EAUTH: 'The server does not accept this user and password.',
  ECONNECTION: 'The server could not be reached.',
  ESOCKET: 'The connection to the server broke off.',
  ETIMEDOUT: 'The server did not answer in time.',
  EDNS: 'The name of the server cannot be found.',
  ETLS: 'No safe connection could be made: the server offers no TLS, or its certificate is not one to be trusted.',
  EMESSAGE: 'The server did not accept the mail.',
};

/** Some say in their text what their code does not. */
const BY_TEXT: readonly (readonly [RegExp, string])[] = [
  [/no end within/, 'ETIMEDOUT'],
  [/ECONNREFUSED|EHOSTUNREACH|ENETUNREACH/, 'ECONNECTION'],
  [/certificate|self-signed/i, 'ETLS'],
];

const BY_COMMAND: Readonly<Record<string, string>> = {
  'MAIL FROM': 'The server does not let this user send as this sender.',
  'RCPT TO': 'The server does not accept the recipient.',
  DATA: 'The server did not accept the mail.',
};

export function wordsForMailFailure({ code, message, cause }: AppError): MailFailureWords {
  if (code === 'mail_host_refused') return { sentence: message, answer: null };
  const { code: kind = '', command = '', response, message: text = '' } = (cause ?? {}) as Partial<SmtpError>;
  const answer = (typeof response === 'string' ? response : '').replace(/\p{Cc}+/gu, ' ').slice(0, ANSWER_MAX);
  const told = BY_TEXT.find(([pattern]) => pattern.test(text))?.[1];
  const sentence = told === undefined ? (BY_COMMAND[command] ?? SENTENCES[kind]) : SENTENCES[told];
  return { sentence: sentence ?? 'The mail could not be handed to the server.', answer: answer === '' ? null : answer };
}

interface SmtpError {
  readonly code: string;
  readonly command: string;
  readonly response: string;
  readonly message: string;
}
