import type { ReadyView } from './actions.ts';
import type { Fact, Printer } from './printer.ts';
import { elapsed } from './readable.ts';

/** The screen at the end of `npm start`: addresses, the demo's sign-in, where things are, what to try next. */
export function printReady(printer: Printer, ready: ReadyView, howToStop: string): void {
  if (printer.json) return printer.object(ready, []);
  const { demo } = ready;
  printer.text(
    `\n${printer.colors.green(printer.colors.bold('ShopHosting is ready'))} (${elapsed(ready.elapsedMs)}, version ${ready.version})\n`,
  );
  const facts: Fact[] = [
    ['panel', ready.publicUrl],
    ['sign up', new URL('signup', ready.publicUrl).href],
    ...(demo === null
      ? []
      : [
          ['demo store', `${demo.store.url} (${demo.store.platform}, ${demo.store.status})`] as const,
          ['its admin', demo.store.adminUrl] as const,
          ['demo login', `${new URL('login', ready.publicUrl).href} as ${demo.email}`] as const,
        ]),
    ...(demo?.password === undefined ? [] : [['password', demo.password] as const]),
    ...(demo?.note === undefined ? [] : [['note', demo.note] as const]),
    ['CA certificate', `${ready.caFile} (import it into your browser)`],
    ['logs', ready.logsDir],
    ...(ready.outboxDir === undefined ? [] : [['mail', ready.outboxDir] as const]),
  ];
  printer.object(ready, facts);
  const next = demo === null ? 'shopctl store create --help' : `shopctl store credentials ${demo.store.name}`;
  printer.text(
    ['', `Try next: ${next}, shopctl status, shopctl doctor`, ...ready.tips, `${howToStop}; shops keep serving.`].join(
      '\n',
    ),
  );
}
