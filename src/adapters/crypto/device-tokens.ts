import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

export type DeviceTokens = ReturnType<typeof createDeviceTokens>;

/** A browser in which somebody has signed in to an account before. */
export interface Device {
  readonly customerId: string;
  /** Tells one browser of the customer from another. */
  readonly nonce: string;
}

const NONCE_BYTES = 16;
const LONGEST = 256;

/**
 * Proofs that a browser has been signed in to an account before (OWASP's device cookies). One opens nothing: it only
 * keeps its owner's tries apart from everybody else's.
 */
export function createDeviceTokens(key: Uint8Array) {
  const sealOf = (customerId: string, nonce: string): Buffer =>
    createHmac('sha256', key)
      .update(JSON.stringify([customerId, nonce]))
      .digest();

  return {
    make(customerId: string): string {
      const nonce = randomBytes(NONCE_BYTES).toString('base64url');
      return `${customerId}.${nonce}.${sealOf(customerId, nonce).toString('base64url')}`;
    },

    /** `undefined` for anything that we have not made. */
    read(token: string): Device | undefined {
      if (token.length > LONGEST) return undefined;
      const [customerId = '', nonce = '', seal = ''] = token.split('.');
      const wanted = sealOf(customerId, nonce);
      const given = Buffer.from(seal, 'base64url');
      if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) return undefined;
      return { customerId, nonce };
    },
  };
}
