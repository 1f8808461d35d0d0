import { operatorName } from '../adapters/process/operator-name.ts';
import type { CliActions } from '../cli/actions.ts';
import { createSettings } from '../desk/platform-settings.ts';
import { originOfOperator } from '../domain/origin.ts';
import type { Adapters } from './adapters.ts';

/** `shopctl settings …`: what operators set at the desk, from the machine's own command line. */
export function createDeskActions(
  opened: () => Adapters,
): Pick<CliActions, 'readPlatformSettings' | 'setPlatformSettings'> {
  const settings = () => createSettings({ ...opened().repositories, now: () => new Date() });
  return {
    readPlatformSettings: () => settings().settings(),
    async setPlatformSettings(wanted) {
      await settings().changeSettings(originOfOperator(operatorName()), wanted);
      return settings().settings();
    },
  };
}
