import type { LogLevel } from '../../domain/log-lines.ts';

/** Looked for in the first part of a line only: what follows is what somebody wrote into it. */
const LOOK_AT = 200;

/** In order: the first that is found decides. */
const SIGNS: readonly (readonly [RegExp, LogLevel])[] = [
  // MySQL, MariaDB, nginx, RabbitMQ: [ERROR], [Warning], [note]; Magento: main.CRITICAL:
  [/\[(?:error|crit|alert|emerg|critical)\]|\.(?:ERROR|CRITICAL|ALERT|EMERGENCY):/i, 'error'],
  [/\[(?:warn|warning)\]|\.WARNING:/i, 'warning'],
  [/\[(?:note|notice|info|system|debug)\]|\.(?:NOTICE|INFO|DEBUG):/i, 'info'],
  // PHP, also by way of php-fpm and nginx.
  [/PHP (?:Fatal|Parse|Recoverable fatal) error|Uncaught |\bFATAL\b|\bERROR\b/, 'error'],
  [/PHP (?:Warning|Deprecated)|\bWARN(?:ING)?\b/, 'warning'],
  // Redis marks its warnings with a #.
  [/^\d+:[A-Z] \d\d \w{3} \d{4} [\d:.]+ # /, 'warning'],
];

/** How much a line matters, by the marks that the programs in stores put into theirs. What has none is `info`. */
export function levelOf(text: string): LogLevel {
  const beginning = text.slice(0, LOOK_AT);
  return SIGNS.find(([sign]) => sign.test(beginning))?.[1] ?? 'info';
}
