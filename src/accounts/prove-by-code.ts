import type { Sealer } from '../adapters/crypto/seal.ts';
import type { AuditRepository } from '../adapters/mysql/audit.ts';
import type { SecondFactorRepository } from '../adapters/mysql/second-factors.ts';
import { AppError } from '../domain/errors.ts';
import type { Origin } from '../domain/origin.ts';
import type { FactorUse } from '../domain/second-factor.ts';

export interface CodeDeps {
  readonly factors: Pick<SecondFactorRepository, 'findTotp'>;
  readonly sealer: Sealer;
  readonly totp: { stepOfCode(secret: string, typed: string, now: Date): number | undefined };
  readonly recoveryCodes: { digestOf(customerId: string, typed: string): string };
  readonly audit: Pick<AuditRepository, 'append'>;
  readonly now: () => Date;
}

/** The row that an account's authenticator secret is sealed for. */
export const totpRowOf = (customerId: string) => ({ owner: customerId, name: 'totp' });

/** Six digits are meant for an app; whatever else was typed, for recovery. */
const APP_CODE = /^\s*(?:\d\s*){6}$/;

/**
 * What a typed code would use up. Throws `wrong_code` for one of no step near now; whether it was used before is told by
 * its use alone.
 */
export async function readCode(deps: CodeDeps, customerId: string, typed: string): Promise<FactorUse> {
  if (!APP_CODE.test(typed)) {
    return { kind: 'recovery', codeHash: deps.recoveryCodes.digestOf(customerId, typed) };
  }
  const sealed = await deps.factors.findTotp(customerId);
  const secret = sealed && (await deps.sealer.open(sealed, totpRowOf(customerId)));
  const step = secret === undefined ? undefined : deps.totp.stepOfCode(secret, typed, deps.now());
  if (step === undefined) throw new AppError('wrong_code', `No code of an app of ${customerId} near now.`);
  return { kind: 'totp', step };
}

/** Runs `use` with the typed code. A wrong one leaves a line, never what was typed. */
export async function proveByCode<T>(
  deps: CodeDeps,
  { customerId, typed, origin }: { readonly customerId: string; readonly typed: string; readonly origin: Origin },
  use: (use: FactorUse) => Promise<T>,
): Promise<T> {
  try {
    return await use(await readCode(deps, customerId, typed));
  } catch (refusal) {
    if (refusal instanceof AppError && refusal.code === 'wrong_code') {
      const line = { ...origin, action: 'second_factor.refused', target: customerId, result: 'refused' } as const;
      await deps.audit.append({ ...line, details: {}, at: deps.now() });
    }
    throw refusal;
  }
}
