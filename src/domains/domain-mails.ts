import type { Diagnosis, OwnDomain } from '../domain/own-domains.ts';
import type { Store } from '../domain/store.ts';
import type { MailContent } from '../mail/mail-kinds.ts';

/** What an owner is told of a domain. */
export type DomainNews =
  | { readonly kind: 'valid'; readonly domain: OwnDomain }
  | {
      readonly kind: 'problem';
      readonly domain: OwnDomain;
      readonly diagnosis: Diagnosis;
      /** It led here once, until then. */
      readonly strayedAt: Date | null;
    }
  | {
      readonly kind: 'certificate';
      readonly domain: OwnDomain;
      readonly reason: string;
      /** When the certificate that visitors see ends. */
      readonly notAfter: Date;
    };

export interface DomainMailDeps {
  readonly enqueue: (
    mail: { readonly uniqueKey: string; readonly storeId: string; readonly recipient: string } & MailContent,
  ) => Promise<void>;
  readonly audit: (line: {
    readonly action: string;
    readonly target: string;
    readonly storeId: string;
    readonly details: Readonly<Record<string, unknown>>;
  }) => Promise<void>;
  /** The page where the owner sees and mends it. */
  readonly pageOf: (store: Store) => string;
  /** Where visitors find the domain. */
  readonly addressOf: (hostname: string) => string;
}

/** What a mail takes of one line; an authority's words may be longer. */
const LINE_MAX = 400;
const shortly = (text: string): string => (text.length <= LINE_MAX ? text : `${text.slice(0, LINE_MAX - 1)}…`);

/** Queues the mail that tells the owner; once per piece of news, however often it is asked. */
export function createDomainMails({ enqueue, audit, pageOf, addressOf }: DomainMailDeps) {
  return async (store: Store, news: DomainNews): Promise<void> => {
    const { hostname, id } = news.domain;
    const to = { storeId: store.id, recipient: store.customerEmail };
    const facts = { domain: hostname, title: store.title, domainsUrl: pageOf(store) };
    if (news.kind === 'valid') {
      const payload = { ...facts, url: addressOf(hostname) };
      return enqueue({ uniqueKey: `domain-valid:${id}`, ...to, kind: 'domain-valid', payload });
    }
    if (news.kind === 'certificate') {
      const { reason, notAfter } = news;
      const until = notAfter.toISOString();
      const payload = { ...facts, reason: shortly(reason), until: until.slice(0, 10) };
      return enqueue({ uniqueKey: `certificate-problem:${id}:${until}`, ...to, kind: 'certificate-problem', payload });
    }
    const { code, sentence, fix } = news.diagnosis;
    const since = news.strayedAt?.toISOString() ?? 'never-valid';
    if (news.strayedAt !== null)
      // For operators: nobody looks at a name that worked for months.
      await audit({ action: 'domain.strayed', target: hostname, storeId: store.id, details: { since, sentence } });
    await enqueue({
      uniqueKey: `domain-problem:${id}:${code}:${since}`,
      ...to,
      kind: 'domain-problem',
      payload: { ...facts, sentence: shortly(sentence), fix: shortly(fix) },
    });
  };
}
