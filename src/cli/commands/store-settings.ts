import { type Command, Option } from 'commander';
import { z } from 'zod';
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
    summary: "a shop's title, time zone, language, country, currency and maintenance; with options: set them",
    examples: [
      'shopctl store settings demo --json',
      'shopctl store settings demo --title "Roses & more" --timezone Europe/Berlin --currency EUR',
      'shopctl store settings demo --maintenance on',
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
        .option('--read', 'ask the shop anew how it is set'),
    options: z.object({
      title: text,
      timezone: text,
      locale: text,
      country: text,
      currency: text,
      maintenance: text,
      read: z.boolean().default(false),
    }),
    async run(call) {
      const { read, ...texts } = call.options;
      const { id } = await storeOf(call);
      const wished: ShopTexts = withoutUndefined(texts);
      const isWish = read || Object.keys(wished).length > 0;
      const { actions, printer } = call;
      print(call, isWish ? await actions.setShop({ storeId: id, texts: wished }) : await actions.readShopSettings(id));
      if (isWish) printer.note(`It is being set. Watch it: shopctl store show ${id} --wait`);
    },
  });
}

function print({ printer }: Call<unknown>, view: ShopSettingsView): void {
  const facts = SHOP_SETTING_NAMES.filter((name) => view.offered.includes(name)).map(
    (name): Fact => [name, view.now?.[name] ?? 'not known yet'],
  );
  printer.object(view, [...facts, ['languages', view.now?.locales.join(', ') ?? 'not known yet']]);
}
