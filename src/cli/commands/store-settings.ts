import { type Command, Option } from 'commander';
import { z } from 'zod';
import { PHP_LIMIT_NAMES, type PhpLimitName } from '../../domain/php-limits.ts';
import { SHOP_SETTING_NAMES, type ShopTexts } from '../../domain/shop-settings.ts';
import type { ShopSettingsView } from '../../web/services/settings.ts';
import type { Fact } from '../printer.ts';
import { type Call, defineCommand, type Session } from '../session.ts';
import { storeOf } from './store-of.ts';
import { withoutUndefined } from './without-undefined.ts';

const text = z.string().optional();

/** `store settings`: how a shop is set, and the same to set it. */
export function addStoreSettingsCommand(store: Command, session: Session): void {
  defineCommand(store, session, {
    usage: 'settings <id>',
    summary:
      "a shop's title, time zone, language, country, currency, maintenance and PHP limits; with options: set them",
    examples: [
      'shopctl store settings demo --json',
      'shopctl store settings demo --title "Roses & more" --timezone Europe/Berlin --currency EUR',
      'shopctl store settings demo --maintenance on',
      'shopctl store settings demo --php-upload 128 --php-memory 384',
    ],
    configure: (command) =>
      command
        .option('--title <title>', 'what the shop calls itself')
        .option('--timezone <zone>', 'like Europe/Berlin')
        .option('--locale <locale>', 'a language whose texts are installed in the shop, like de_DE')
        .option('--country <country>', 'two letters, like DE')
        .option('--currency <currency>', 'three letters, like EUR')
        .addOption(
          new Option('--maintenance <on|off>', 'visitors see a note, administrators the shop').choices(['on', 'off']),
        )
        .option('--php-memory <MB>', 'memory for one request, within the plan')
        .option('--php-upload <MB>', 'the largest upload')
        .option('--php-seconds <seconds>', 'the longest that a request may work')
        .option('--php-input-vars <count>', 'how many fields one form may have')
        .option('--read', 'ask the shop anew how it is set'),
    options: z.object({
      title: text,
      timezone: text,
      locale: text,
      country: text,
      currency: text,
      maintenance: text,
      phpMemory: text,
      phpUpload: text,
      phpSeconds: text,
      phpInputVars: text,
      read: z.boolean().default(false),
    }),
    async run(call) {
      const { read, ...texts } = call.options;
      const { id } = await storeOf(call);
      const wished: ShopTexts = withoutUndefined(texts);
      const isWish = read || Object.keys(wished).length > 0;
      const { actions, printer } = call;
      if (!isWish) return print(call, await actions.readShopSettings(id));
      const { isAsked, ...view } = await actions.setShop({ storeId: id, texts: wished });
      print(call, view);
      printer.note(isAsked ? `It is being set. Watch it: shopctl store show ${id} --wait` : 'It is set so already.');
    },
  });
}

function print({ printer }: Call<unknown>, view: ShopSettingsView): void {
  const facts = SHOP_SETTING_NAMES.filter((name) => view.offered.includes(name)).map(
    (name): Fact => [name, view.now?.[name] ?? 'not known yet'],
  );
  const { php } = view.now ?? { php: null };
  const limits =
    php === null
      ? [['php limits', 'cannot be set in this shop'] satisfies Fact]
      : PHP_LIMIT_NAMES.map((name): Fact => [LIMIT_LABELS[name], `${php[name]} (${allowedOf(view, name)})`]);
  const languages: Fact = ['languages', view.now?.locales.join(', ') ?? 'not known yet'];
  printer.object(view, [...facts, languages, ...limits]);
}

const LIMIT_LABELS: Readonly<Record<PhpLimitName, string>> = {
  phpMemory: 'memory for one request, MB',
  phpUpload: 'largest upload, MB',
  phpSeconds: 'longest request, seconds',
  phpInputVars: 'fields in one form',
};

/** `up to 384 with this plan` */
function allowedOf({ phpChoices }: ShopSettingsView, name: PhpLimitName): string {
  const allowed = phpChoices[name].filter(({ plan }) => plan === null).map(({ value }) => value);
  return `up to ${Math.max(...allowed)} with this plan`;
}
