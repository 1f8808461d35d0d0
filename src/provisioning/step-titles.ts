import type { RunKind, StepName } from '../domain/run.ts';
import type { Stack } from '../stacks/stack.ts';

/** What the customer reads while each step happens, where a platform has no words of its own. */
export const STEP_TITLES: Readonly<Record<StepName, string>> = {
  'create-directory': 'Making room for your shop',
  'issue-secrets': 'Making strong passwords',
  'render-compose': 'Drawing up the plan',
  'start-containers': 'Starting your shop',
  'install-application': 'Installing your shop',
  'route-traffic': 'Opening the door',
  'obtain-certificate': 'Locking it with HTTPS',
  'save-credentials': 'Putting your keys away safely',
  'send-welcome-mail': 'Writing you a letter',
  activate: 'Switching on the lights',
  'mark-suspended': 'Writing it down',
  'close-door': 'Closing the door',
  'stop-containers': 'Switching off your shop',
  'start-again': 'Starting your shop',
  'open-door': 'Opening the door',
  'mark-resumed': 'Writing it down',
  'check-room': 'Looking whether it fits',
  'apply-limits': 'Giving your shop its new limits',
  'record-plan': 'Writing it down',
  'fit-php-limits': 'Fitting what a request may take',
  'snapshot-database': 'Putting a copy of its database aside',
  'rewrite-addresses': 'Moving its addresses along',
  'switch-address': 'Sending visitors to the new address',
  'verify-address': 'Looking whether it answers there',
  'finish-address': 'Writing it down',
  'apply-settings': 'Setting your shop',
  'apply-php-limits': 'Setting what a request may take',
  'record-settings': 'Looking whether it took it',
  'make-password': 'Making a strong password',
  'set-admin-password': 'Giving it to your shop',
  'accept-both-passwords': 'Teaching the database the new password',
  'hand-out-password': 'Handing it to your shop',
  'keep-password': 'Putting it away safely',
  'refuse-old-password': 'Forgetting the old password',
  'restart-containers': 'Starting each part of your shop anew',
  'look-again': 'Looking whether it answers',
  'record-restart': 'Writing it down',
  'mark-for-deletion': 'Writing it down',
  'mark-kept': 'Writing it down',
  'tell-owner': 'Writing you a letter',
};

/** The same while a store is taken down: each step undoes what it did. */
const UNDO_TITLES: Partial<Readonly<Record<StepName, string>>> = {
  'create-directory': 'Removing its files',
  'issue-secrets': 'Destroying its passwords',
  'render-compose': 'Removing its plan',
  'start-containers': 'Removing its containers and its database',
  'install-application': 'Letting go of the shop software',
  'route-traffic': 'Taking its address away',
  'obtain-certificate': 'Removing its certificate',
  'save-credentials': 'Forgetting its keys',
  'send-welcome-mail': 'Putting its letters away',
  activate: 'Switching off the lights',
};

/** What customers of this platform read. */
export const stepTitlesOf =
  ({ stepTitles }: Pick<Stack, 'stepTitles'>) =>
  (step: StepName, kind: RunKind = 'provision'): string =>
    (kind === 'teardown' ? UNDO_TITLES[step] : undefined) ?? stepTitles[step] ?? STEP_TITLES[step];
