/**
 * Who acts, and from where: what every line of the ledger says about its act. Made where the act begins (a request, a
 * command, a chore) and handed on untouched to whatever writes the line.
 */
export interface Origin {
  /** Who really acts: `cus_…` (customers and operators), `operator:<name>` on the command line, `system`, `visitor`. */
  readonly actor: string;
  /** The account whose session an operator uses: `actor` acts as this one. */
  readonly as?: string | undefined;
  /** The token by which a program does it in the actor's name, `tok_…`; no secret. Absent where a person does. */
  readonly tokenId?: string | undefined;
  /** Where the request came from, IPv4 or IPv6, as our own edge saw it. */
  readonly address?: string | undefined;
  /** The request that it was part of, `req_…`; also in the web process's log. */
  readonly requestId?: string | undefined;
}

/** What a request tells about where it came from. */
type From = Pick<Origin, 'address' | 'requestId'>;

/** The platform itself: workers, chores, the scheduler. */
export const SYSTEM: Origin = { actor: 'system' };

/** Somebody who is not signed in. */
export function originOfVisitor({ address, requestId }: From): Origin {
  return { actor: 'visitor', address, requestId };
}

/** Somebody who is signed in; an operator in a customer's session is the actor, and the customer whom they act as. */
export function originOfSession(
  { customerId, impersonatorId }: { readonly customerId: string; readonly impersonatorId?: string | undefined },
  { address, requestId }: From,
): Origin {
  const who = impersonatorId === undefined ? { actor: customerId } : { actor: impersonatorId, as: customerId };
  return { ...who, address, requestId };
}

/** A program, by a token of an account: the account acts, and the token says which program it was. */
export function originOfToken(
  { id, customerId }: { readonly id: string; readonly customerId: string },
  { address, requestId }: From,
): Origin {
  return { actor: customerId, tokenId: id, address, requestId };
}

/** Somebody at the machine's command line, by the name they have logged in with. */
export function originOfOperator(name: string): Origin {
  return { actor: `operator:${name}` };
}

/** Only what belongs to an origin, of something that carries one beside other things. */
export function originIn({ actor, as, tokenId, address, requestId }: Origin): Origin {
  return { actor, as, tokenId, address, requestId };
}
