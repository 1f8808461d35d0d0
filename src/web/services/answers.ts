/** What a request was answered with. */
export interface KeptAnswer {
  readonly status: number;
  /** JSON; `null` where nothing was answered, or nothing that may be kept. */
  readonly body: string | null;
  /** It is told once, and not kept. */
  readonly isSecret?: true;
}

/** Requests that may come again: the same wish under the same key is done once. */
export interface AnswerServices {
  /**
   * Does it, or tells what was answered when it was done; of those who come meanwhile two wait. What was refused counts as
   * not done. Throws `answer_not_kept` where that was a secret, `key_reused` when something else was asked for under the
   * key, `already_running` when two wait or the first one takes too long, `outcome_unknown` when it ended a minute ago or more without
   * having told, and whatever `act` throws.
   */
  once(
    wish: {
      readonly customerId: string;
      readonly requestId: string;
      readonly key: string;
      /** All that is asked for, as one text. */
      readonly asked: string;
    },
    act: () => Promise<KeptAnswer>,
  ): Promise<KeptAnswer>;
}
