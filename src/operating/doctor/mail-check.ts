import { toAppError } from '../../domain/errors.ts';
import { type Check, fail, ok, warn } from './check.ts';

/** The mail server lets us in; without one mail waits in a folder. */
export const mailCheck = (parts: {
  readonly smtp: { readonly host: string; readonly port: number } | undefined;
  readonly check: () => Promise<string>;
  readonly outbox: string;
  readonly isProduction: boolean;
}): Check => ({
  name: 'mail',
  async run() {
    if (parts.smtp === undefined) {
      const message = `SMTP_HOST is not set: mail is written to ${parts.outbox}.`;
      return parts.isProduction ? warn(message, 'Set SMTP_HOST and SMTP_FROM in .env.') : ok(message);
    }
    try {
      return ok(await parts.check());
    } catch (thrown) {
      const { host, port } = parts.smtp;
      return fail(
        `The mail server refuses us: ${toAppError(thrown).message}`,
        `Check SMTP_HOST, SMTP_PORT, SMTP_USER and SMTP_PASSWORD in .env (now ${host}:${port}), then: shopctl restart worker`,
      );
    }
  },
});
