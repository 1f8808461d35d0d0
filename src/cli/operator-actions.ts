import type { SecretActions } from './secret-actions.ts';

/** What only whoever runs the platform asks for, and no desk offers. */
export type OperatorActions = SecretActions;
