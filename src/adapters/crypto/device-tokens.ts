import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

export type DeviceTokens = ReturnType<typeof createDeviceTokens>;

/** A browser in which somebody has signed in to an account before. */
export interface Device {
  readonly customerId: string;
  /** Tells one browser of the customer from another. */
  readonly nonce: string;
  /** When a second factor was proven in it; `null` where it was let in by the password alone. */
  readonly secondStepAt: Date | null;
}

const NONCE_BYTES = 16;
const LONGEST = 256;

/**
 * Proofs that a browser has been signed in to an account before (OWASP's device cookies). One opens nothing: it only
 * keeps its owner's tries apart from everybody else's.
 */
export function createDeviceTokens(key: Uint8Array) {
  const sealOf = (customerId: string, nonce: string, secondStepAt: string): Buffer =>
    createHmac('sha256', key)
      .update(JSON.stringify([customerId, nonce, secondStepAt]))
      .digest();

  return {
    make(customerId: string, { secondStepAt = null }: { readonly secondStepAt?: Date | null } = {}): string {
      const nonce = randomBytes(NONCE_BYTES).toString('base64url');
      const moment = secondStepAt === null ? '' : String(secondStepAt.getTime());
      return [customerId, nonce, moment, sealOf(customerId, nonce, moment).toString('base64url')].join('.');
    },

    /** `undefined` for anything that we have not made. */
    read(token: string): Device | undefined {
      if (token.length > LONGEST) return undefined;
      const [customerId = '', nonce = '', moment = '', seal = ''] = token.split('.');
      const wanted = sealOf(customerId, nonce, moment);
      const given = Buffer.from(seal, 'base64url');
      if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) return undefined;
      return { customerId, nonce, secondStepAt: moment === '' ? null : new Date(Number(moment)) };
    },
  };
}
