import {
  closedShop,
  emptyLot,
  panelAway,
  restingShop,
  shopUnderConstruction,
  shopWithLadder,
} from './illustrations.ts';
import { renderPage } from './layout.ts';

/** How often the page of a shop that is being made looks again by itself. */
const LOOK_AGAIN_SECONDS = 5;

/**
 * Every page that the edge shows in a shop's place, as whole files: no script, no request to anybody, nothing of the
 * shop in it. What they say is for visitors; owners and operators find the reasons elsewhere.
 */
export const PAGES: Readonly<Record<'unknown' | 'making' | 'failed' | 'suspended' | 'down' | 'platform-down', string>> =
  {
    unknown: renderPage({
      title: 'There is no shop at this address',
      picture: emptyLot,
      text: 'Perhaps the address has a small mistake in it, or the shop has moved.',
      note: 'If this shop is yours and you have just made it, give it a moment and try again.',
      again: 'Try again',
    }),
    making: renderPage({
      title: 'This shop is being set up',
      picture: shopUnderConstruction,
      text: 'Shelves are going up and the lights are being tested. It usually takes less than a minute.',
      note: 'You can leave this page open: it looks again by itself.',
      refreshSeconds: LOOK_AGAIN_SECONDS,
      isBusy: true,
    }),
    failed: renderPage({
      title: 'This shop is not ready yet',
      picture: shopWithLadder,
      text: 'Setting it up was interrupted. Nothing is lost, and it can be taken up again.',
      note: 'If this shop is yours: your dashboard says what happened, and lets you try again.',
    }),
    suspended: renderPage({
      title: 'This shop is closed for now',
      picture: closedShop,
      text: 'It is not open to visitors at the moment. Please come back another time.',
      note: 'If this shop is yours: your dashboard says why, and what opens it again.',
    }),
    down: renderPage({
      title: 'This shop is taking a short break',
      picture: restingShop,
      text: 'It does not answer right now. That is usually over within a minute.',
      note: 'If this shop is yours: your dashboard shows how it is doing.',
      again: 'Try again',
    }),
    'platform-down': renderPage({
      title: 'The control panel is away for a moment',
      picture: panelAway,
      text: 'Shops are open and go on serving; only these pages do not answer yet.',
      note: 'If you run this machine, <code>shopctl status</code> says more.',
      again: 'Try again',
    }),
  };
