import type { EventFacts } from '../../domain/webhooks.ts';

/** Every moment in the facts of an event, by its name: as JSON they are texts, and come back as what they were. */
const MOMENTS = new Set(['at', 'dueAt', 'createdAt', 'activeAt']);

/** What `emitWebhook` has written down, so its shape is known; only the dates need to be made ones again. */
export function readEventFacts(text: string): EventFacts {
  return JSON.parse(text, (name, value: unknown) =>
    MOMENTS.has(name) && typeof value === 'string' ? new Date(value) : value,
  ) as EventFacts;
}
