import type { StepName } from '../domain/run.ts';
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
};

/** What customers of this platform read. */
export const stepTitlesOf =
  ({ stepTitles }: Pick<Stack, 'stepTitles'>) =>
  (step: StepName): string =>
    stepTitles[step] ?? STEP_TITLES[step];
