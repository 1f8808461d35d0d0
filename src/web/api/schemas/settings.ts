import { z } from 'zod';
import { PAGE_LIFETIME_NAMES } from '../../../domain/page-cache.ts';
import { PHP_LIMIT_NAMES, type PhpLimitName } from '../../../domain/php-limits.ts';
import { SHOP_SETTING_NAMES } from '../../../domain/shop-settings.ts';
import { MAIL_TLS_MODES } from '../../../domain/store-mail.ts';
import { moment } from './common.ts';

const LONGEST = 600;
const words = () => z.string().max(LONGEST);

const PHP_DESCRIPTIONS: Readonly<Record<PhpLimitName, string>> = {
  phpMemory: 'Memory for one request, in MB.',
  phpUpload: 'The largest upload, in MB.',
  phpSeconds: 'The longest that a request may work, in seconds.',
  phpInputVars: 'How many fields one form may have.',
};

/** One member for each limit of PHP. */
function forEachLimit<Member extends z.ZodType>(make: (description: string) => Member): Record<PhpLimitName, Member> {
  const members = PHP_LIMIT_NAMES.map((name) => [name, make(PHP_DESCRIPTIONS[name])]);
  return Object.fromEntries(members) as Record<PhpLimitName, Member>;
}

export const SHOP_SETTINGS = z
  .object({
    offered: z.array(z.enum(SHOP_SETTING_NAMES)).meta({ description: 'What can be set in shops of this kind.' }),
    now: z
      .object({
        title: z.string(),
        timezone: z.string(),
        locale: z.string(),
        country: z.string().nullable(),
        currency: z.string().nullable(),
        maintenance: z.enum(['on', 'off']).nullable().meta({
          description: 'Do visitors see a note instead of the shop? `null` where shops have no such mode.',
        }),
        locales: z.array(z.string()).meta({ description: 'Languages whose texts are installed.' }),
        php: z
          .object({
            ...forEachLimit((description) => z.number().int().meta({ description })),
            phpWorkers: z.number().int().meta({ description: 'How many requests are answered at once.' }),
          })
          .nullable()
          .meta({ description: 'What one request may take; `null` where the shop is too old to be told.' }),
      })
      .nullable()
      .meta({ description: 'How the shop said that it is set; `null` while it was not asked yet.' }),
    phpChoices: z
      .object(
        forEachLimit((description) =>
          z
            .array(
              z.object({
                value: z.number().int(),
                plan: z.string().nullable().meta({ description: 'The plan that it takes; `null`: the store’s own.' }),
              }),
            )
            .meta({ description }),
        ),
      )
      .meta({ description: 'What can be chosen for one request.' }),
  })
  .meta({ id: 'ShopSettings' });

/** What is left out stays as the shop has it. */
export const SHOP_CHANGE = z.strictObject({
  title: words().optional(),
  timezone: words().optional(),
  locale: words().optional(),
  country: words().optional(),
  currency: words().optional(),
  maintenance: words().optional().meta({ description: '`on` or `off`.' }),
  ...forEachLimit((description) => z.number().int().optional().meta({ description })),
});

export const PAGE_CACHE = z
  .object({
    pageCache: z.enum(['on', 'off']),
    lifetime: z.enum(PAGE_LIFETIME_NAMES).meta({
      description: 'How long a page is kept at most, or would be: what changes in the shop shows at once.',
    }),
    kept: z.enum(['at-the-edge', 'by-the-shop', 'nowhere']).meta({
      description: '`by-the-shop`: such shops keep their pages themselves; `nowhere`: the platform keeps none.',
    }),
  })
  .meta({ id: 'PageCache' });

export const PAGE_CACHE_CHOICE = z.strictObject({
  pageCache: z.enum(['on', 'off']),
  lifetime: z.enum(PAGE_LIFETIME_NAMES).optional().meta({ description: 'Left out, it stays as it is.' }),
});

const SERVER = z.object({
  host: words(),
  port: z.number().int(),
  tls: z.enum(MAIL_TLS_MODES),
  user: words().nullable().meta({ description: '`null` where the server asks nobody who they are.' }),
  from: words().meta({ description: 'Whom mails are from.' }),
});
const PLATFORMS_WAY = '`null`: mail leaves by way of the platform.';

/** Never the password, nor whether there is one. */
export const STORE_MAIL = z
  .object({
    senderName: z.string().nullable(),
    replyTo: z.string().nullable(),
    server: SERVER.nullable().meta({ description: PLATFORMS_WAY }),
  })
  .meta({ id: 'StoreMail' });

/** All of it, as it is read; and the password, which is only ever written. */
export const NEW_STORE_MAIL = z.strictObject({
  senderName: words().nullable(),
  replyTo: words().nullable(),
  server: z
    .strictObject({
      ...SERVER.shape,
      password: words().optional().meta({
        description: 'Never told again. Left out, the one there is stays while host and user stay the same.',
      }),
    })
    .nullable()
    .meta({ description: PLATFORMS_WAY }),
});

export const MAIL_TRAFFIC = z
  .object({
    perHour: z.number().int().meta({ description: 'How many may leave in an hour, the way that is chosen.' }),
    waiting: z.number().int(),
    heldUntil: moment().nullable().meta({ description: 'Then the next ones leave; `null` while this hour’s last.' }),
  })
  .meta({ id: 'MailTraffic' });

export const MAIL_TRIAL = z
  .discriminatedUnion('outcome', [
    z.object({
      outcome: z.literal('accepted'),
      to: z.string(),
      from: z.string(),
      way: z.enum(['platform', 'own']),
      answer: z.string().meta({ description: 'What the server said.' }),
    }),
    z.object({
      outcome: z.literal('failed'),
      to: z.string(),
      sentence: z.string(),
      answer: z.string().nullable(),
    }),
    z.object({ outcome: z.literal('left-by-itself'), to: z.string() }),
  ])
  .meta({ id: 'MailTrial' });
