import { asPlainLine } from './plain-line.ts';

export type ServiceState = 'missing' | 'stopped' | 'unhealthy' | 'running';

/** How one service of a store stands. */
export interface ServiceLook {
  readonly state: ServiceState;
  /** What is known besides: the last line of its own health check, or how it ended. May name programs and places. */
  readonly said: string | null;
}

/** By the service's name, in the order in which the stack has them. */
export type ServiceLooks = Readonly<Record<string, ServiceLook>>;

const SAID_MAX = 200;
const TOLD_MAX = 500;

/** Every service that does not run well, in one line for operators; `null` when there is none. */
export function tellIll(looks: ServiceLooks): string | null {
  const ill = Object.entries(looks).filter(([, { state }]) => state !== 'running');
  if (ill.length === 0) return null;
  const told = ill.map(([service, { state, said }]) => `${service} is ${state}${said === null ? '' : ` (${said})`}`);
  return cut(told.join(', '), TOLD_MAX);
}

/** The last line that a health check printed, as it can be shown anywhere; `null` when it printed none. */
export function lastLineOf(output: string): string | null {
  const line = output
    .split('\n')
    .map(asPlainLine)
    .findLast((candidate) => candidate !== '');
  return line === undefined ? null : cut(line, SAID_MAX);
}

/** By characters, not by halves of them. */
function cut(text: string, most: number): string {
  const characters = [...text];
  return characters.length <= most ? text : `${characters.slice(0, most - 1).join('')}…`;
}
