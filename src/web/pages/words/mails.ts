import type { OutboxStatus } from '../../../domain/outbox.ts';
import type { Wording } from './statuses.ts';

export const MAIL_WORDING = {
  queued: { word: 'Waiting', icon: 'hourglass', tone: 'waiting' },
  sent: { word: 'Sent', icon: 'done', tone: 'good' },
  failed: { word: 'Given up', icon: 'alert', tone: 'bad' },
} as const satisfies Record<OutboxStatus, Wording>;
