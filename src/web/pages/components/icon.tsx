// One by one: through the package's front door the build would read six thousand of them.
import IconAlertTriangle from '@tabler/icons-react/dist/esm/icons/IconAlertTriangle.mjs';
import IconArrowRight from '@tabler/icons-react/dist/esm/icons/IconArrowRight.mjs';
import IconBox from '@tabler/icons-react/dist/esm/icons/IconBox.mjs';
import IconCheck from '@tabler/icons-react/dist/esm/icons/IconCheck.mjs';
import IconChevronDown from '@tabler/icons-react/dist/esm/icons/IconChevronDown.mjs';
import IconChevronUp from '@tabler/icons-react/dist/esm/icons/IconChevronUp.mjs';
import IconCircle from '@tabler/icons-react/dist/esm/icons/IconCircle.mjs';
import IconCircleCheck from '@tabler/icons-react/dist/esm/icons/IconCircleCheck.mjs';
import IconClock from '@tabler/icons-react/dist/esm/icons/IconClock.mjs';
import IconCopy from '@tabler/icons-react/dist/esm/icons/IconCopy.mjs';
import IconDeviceDesktop from '@tabler/icons-react/dist/esm/icons/IconDeviceDesktop.mjs';
import IconExternalLink from '@tabler/icons-react/dist/esm/icons/IconExternalLink.mjs';
import IconHourglass from '@tabler/icons-react/dist/esm/icons/IconHourglass.mjs';
import IconKey from '@tabler/icons-react/dist/esm/icons/IconKey.mjs';
import IconLoader2 from '@tabler/icons-react/dist/esm/icons/IconLoader2.mjs';
import IconLock from '@tabler/icons-react/dist/esm/icons/IconLock.mjs';
import IconMail from '@tabler/icons-react/dist/esm/icons/IconMail.mjs';
import IconMenu2 from '@tabler/icons-react/dist/esm/icons/IconMenu2.mjs';
import IconMoon from '@tabler/icons-react/dist/esm/icons/IconMoon.mjs';
import IconPlayerPause from '@tabler/icons-react/dist/esm/icons/IconPlayerPause.mjs';
import IconPlayerTrackNext from '@tabler/icons-react/dist/esm/icons/IconPlayerTrackNext.mjs';
import IconPlugConnectedX from '@tabler/icons-react/dist/esm/icons/IconPlugConnectedX.mjs';
import IconRefresh from '@tabler/icons-react/dist/esm/icons/IconRefresh.mjs';
import IconSearch from '@tabler/icons-react/dist/esm/icons/IconSearch.mjs';
import IconSettings from '@tabler/icons-react/dist/esm/icons/IconSettings.mjs';
import IconSun from '@tabler/icons-react/dist/esm/icons/IconSun.mjs';
import IconTrash from '@tabler/icons-react/dist/esm/icons/IconTrash.mjs';
import IconWorld from '@tabler/icons-react/dist/esm/icons/IconWorld.mjs';
import IconX from '@tabler/icons-react/dist/esm/icons/IconX.mjs';
import IconZzz from '@tabler/icons-react/dist/esm/icons/IconZzz.mjs';

const ICONS = {
  alert: IconAlertTriangle,
  arrow: IconArrowRight,
  asleep: IconZzz,
  box: IconBox,
  check: IconCheck,
  clock: IconClock,
  copy: IconCopy,
  done: IconCircleCheck,
  down: IconChevronDown,
  external: IconExternalLink,
  failed: IconX,
  hourglass: IconHourglass,
  key: IconKey,
  lineDown: IconPlugConnectedX,
  lock: IconLock,
  mail: IconMail,
  menu: IconMenu2,
  moon: IconMoon,
  paused: IconPlayerPause,
  running: IconLoader2,
  screen: IconDeviceDesktop,
  settings: IconSettings,
  search: IconSearch,
  skipped: IconPlayerTrackNext,
  sun: IconSun,
  trash: IconTrash,
  up: IconChevronUp,
  retry: IconRefresh,
  waiting: IconCircle,
  world: IconWorld,
} as const;

export type IconName = keyof typeof ICONS;

/** A picture beside a word, never instead of one: it is not read aloud. */
export function Icon({ name }: { readonly name: IconName }) {
  const Drawing = ICONS[name];
  return <Drawing className="icon" aria-hidden="true" focusable="false" stroke={1.75} />;
}
