import type { ServiceLooks, ServiceState } from '../../src/domain/service-looks.ts';

/** Services of which nothing is known but how they stand. */
export const looksOf = (states: Readonly<Record<string, ServiceState>>): ServiceLooks =>
  Object.fromEntries(Object.entries(states).map(([service, state]) => [service, { state, said: null }]));
