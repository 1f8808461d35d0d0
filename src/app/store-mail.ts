import { ownAddressesOf } from '../adapters/dns/reach.ts';
import { addressOfMailHost, type MailHostOptions } from '../adapters/smtp/mail-host.ts';
import { createSmtpMailer } from '../adapters/smtp/smtp-mailer.ts';
import { wordsForMailFailure } from '../adapters/smtp/words-for-failure.ts';
import { AppError } from '../domain/errors.ts';
import { type OwnMailServer, STORE_MAIL_PASSWORD } from '../domain/store-mail.ts';
import { newId } from '../lib/new-id.ts';
import { createStoreMailCarrier, type StoreMailCarrier } from '../mail/carry-store-mail.ts';
import { createStoreMail, type StoreMail } from '../stores/store-mail.ts';
import type { Adapters } from './adapters.ts';
import { createShopOperations } from './shop-operations.ts';

type MailHostConfig = Pick<Adapters['config'], 'storeMail' | 'smtp'> & {
  readonly domains: Pick<Adapters['config']['domains'], 'publicAddresses'>;
};

/** What of the platform's parts carries shops' mail. */
interface CarryingAdapters {
  readonly config: MailHostConfig & Pick<Adapters['config'], 'mailFrom'>;
  readonly repositories: Pick<Adapters['repositories'], 'storeMail' | 'stores'>;
  readonly vault: Pick<Adapters['vault'], 'read'>;
  readonly mailer: Pick<Adapters['mailer'], 'send'>;
}

/** What takes shops' mail to whom it is for, by the platform's server or their owners'. */
export function storeMailCarrierOf({ config, repositories, vault, mailer }: CarryingAdapters): StoreMailCarrier {
  return createStoreMailCarrier({
    settingsOf: repositories.storeMail.find,
    titleOf: async (storeId) => (await repositories.stores.get(storeId)).title,
    platform: { mailer, address: addressIn(config.mailFrom) },
    async openServer(storeId, server, withinMs) {
      const [address, password] = await Promise.all([
        addressOfMailHost(server.host, hostOptionsOf(config)),
        passwordOf(storeId, server),
      ]);
      const { host, port, tls, user, from } = server;
      return createSmtpMailer(
        {
          host,
          address,
          port,
          isImplicitTls: tls === 'implicit',
          startTls: tls === 'none' ? 'never' : 'always',
          ...(user === null || password === undefined ? {} : { user, password }),
          from,
        },
        { sendWithinMs: withinMs },
      );
    },
  });

  async function passwordOf(storeId: string, { user }: OwnMailServer): Promise<string | undefined> {
    if (user === null) return undefined;
    const password = await vault.read(storeId, STORE_MAIL_PASSWORD);
    if (password !== undefined) return password;
    throw new AppError('secret_unreadable', `The password of the mail server of ${storeId} is not in the vault.`);
  }
}

/** How a shop's mail leaves, for the worker on its owner's behalf and for `shopctl`. */
export function storeMailOf(adapters: Adapters): StoreMail {
  const { config, repositories, vault } = adapters;
  const { mayBePrivate } = config.storeMail;
  return createStoreMail({
    settings: repositories.storeMail,
    vault,
    mayBePrivate,
    lookUp: (host) => addressOfMailHost(host, hostOptionsOf(config)),
    writeTrial: createShopOperations(adapters).writeTrialMail,
    carry: storeMailCarrierOf(adapters),
    wordsFor: wordsForMailFailure,
    newId: () => newId('msg'),
    now: () => new Date(),
  });
}

const addressIn = (from: string): string => /<([^>]+)>/.exec(from)?.[1] ?? from;

/** Whatever asks nobody who they are knows us by our address: what a customer named there would go out as ours. */
function hostOptionsOf({ storeMail, smtp, domains }: MailHostConfig): MailHostOptions {
  return {
    mayBePrivate: storeMail.mayBePrivate,
    ours: () => ownAddressesOf(domains.publicAddresses),
    trustUs: smtp === undefined || smtp.user !== undefined ? [] : [smtp.host],
  };
}
