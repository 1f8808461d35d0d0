import type { Command } from 'commander';
import { z } from 'zod';
import type { AdminLink } from '../../stores/admin-links.ts';
import type { Fact } from '../printer.ts';
import { defineCommand, type Session } from '../session.ts';
import { storeOf } from './store-of.ts';

/** `store open-admin` and `store database`: into a shop as its owner gets there from the panel. */
export function addStoreAccessCommands(store: Command, session: Session): void {
  defineCommand(store, session, {
    usage: 'open-admin <id>',
    summary: 'a link into the administration that works once, within a minute (leaves a line in the audit log)',
    options: z.object({}),
    async run(call) {
      const { id: storeId } = await storeOf(call);
      const made = await call.actions.openAdmin({ storeId, signal: call.io.interrupt });
      const link = pasteableOf(made);
      call.printer.object({ ...made, link }, [['link', link]]);
      call.printer.note(
        `Paste the whole link into the address bar of a browser within ${made.seconds} seconds. It signs in once, as the administrator of the shop.`,
      );
    },
  });

  defineCommand(store, session, {
    usage: 'database <id>',
    summary: 'whether its owner has phpMyAdmin open, and where; --close ends it',
    configure: (command) => command.option('--close', 'nobody looks into the database any more'),
    options: z.object({ close: z.boolean().default(false) }),
    async run(call) {
      const { id: storeId } = await storeOf(call);
      const { actions, io, printer } = call;
      const view = call.options.close
        ? await actions.closeDatabase({ storeId, signal: io.interrupt })
        : await actions.readDatabaseAccess(storeId);
      const facts: readonly Fact[] = [
        ['phpMyAdmin', view.openUntil === null ? 'closed' : `open until ${view.openUntil}`],
        ['opened at', view.page],
      ];
      printer.object(view, facts);
      if (view.openUntil === null) {
        printer.note(
          `It is the customer’s alone, and open as long as their session lives: they open it on that page. What its database takes: shopctl store credentials ${storeId}`,
        );
      }
    },
  });
}

/** The shop takes the token in a form alone; a page in the address itself is one, whatever machine the browser is on. */
function pasteableOf({ url, field, token }: AdminLink): string {
  const form = `<form method=post action="${url}"><input type=hidden name="${field}" value="${token}"></form>`;
  return `data:text/html,${encodeURIComponent(`${form}<script>document.forms[0].submit()</script>`)}`;
}
