import { STACKS } from './index.ts';
import type { ImageName, ShopCommand, Stack } from './stack.ts';

/** Where programs stand that an image has only because the platform calls them; `sh` and the like are not these. */
const OWN = '/usr/local/bin/';
const URL = 'https://shop.example/';

/** What the platform calls inside this image, over all stacks: paths of programs that it must have. */
export function programsOf(image: ImageName): string[] {
  const called = Object.values(STACKS).flatMap((stack) =>
    Object.entries(stack.services)
      .filter(([, service]) => service.image === image)
      .flatMap(([name, { healthCommand }]) => [healthCommand, ...commandsIn(stack, name)]),
  );
  const programs = called.flatMap(([program = '']) => (program.startsWith(OWN) ? [program] : []));
  return [...new Set(programs)].sort();
}

/** Every command that the stack has for a service. Commands are data: what they would be told does not matter here. */
function commandsIn(stack: Stack, service: string): (readonly string[])[] {
  const { operations, adminLink, cron, installer, services } = stack;
  const commands: (ShopCommand | null)[] = [
    operations.setUrl(URL),
    operations.changeUrl({ from: URL, to: URL }),
    operations.configure({}),
    operations.writeTrialMail(''),
    operations.applyPhpLimits,
    operations.pause(true),
    operations.readSecrets,
    operations.resetAdmin({ username: '', password: '', email: '' }),
    cron.kind === 'command' ? cron.command : null,
    adminLink.place({ username: '', hash: '', seconds: 1, proven: false }),
    adminLink.revoke,
  ];
  const isFront = Object.entries(services).some(([name, { front }]) => name === service && front);
  const ofService = commands.flatMap((command) => (command?.service === service ? [command.argv] : []));
  return isFront ? [installer.command, ...ofService] : ofService;
}
