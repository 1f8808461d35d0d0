import type { WebhookWish } from '../../services/webhooks.ts';
import { refuse, textOf } from './form.ts';
import type { Problem } from './problem.ts';

const FIELDS = { name: 'name', url: 'url', events: 'events' };

/** What the form of a webhook says, as it was typed. */
export function webhookWishOf(form: FormData): WebhookWish {
  const events = form.getAll('events').filter((event) => typeof event === 'string');
  return { name: textOf(form, 'name'), url: textOf(form, 'url'), events };
}

/** The same form again, with what was typed and what is wrong with it. */
export function refuseWebhook(problem: Problem, { name, url, events }: WebhookWish) {
  return refuse(problem, { values: { name, url, events: events.join(' ') }, fieldNames: FIELDS });
}
